using System.Collections.Concurrent;
using CodeTuner.Assist.Review;
using CodeTuner.LanguageServer.Documents;
using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Serving;
using CodeTuner.LanguageServer.Workspaces;
using CodeTuner.Models;
using CodeTuner.Workspace.History;

namespace CodeTuner.LanguageServer.Features.Review;

/// <summary>
/// The suggestions for open documents. They are worked out when a document is opened or saved, or when the user asks; while somebody
/// types, those whose line still stands as it was move along with it, and the others are gone.
/// </summary>
internal sealed class ReviewBoard(FolderSessions sessions, SessionServices services, OpenDocuments documents, LanguageClient client)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<ReviewSuggestion>> _found = new();

    // Without git, what was typed since is what changed.
    private readonly ConcurrentDictionary<string, string> _opened = new();
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _underWay = new();
    private readonly ConcurrentDictionary<string, DismissedSuggestions> _dismissed = new();

    /// <summary>Follows the documents.</summary>
    public void Follow()
    {
        documents.Opened += document =>
        {
            _opened[document.Uri] = document.Text.ToString();
            ReviewSoon(document);
        };
        documents.Saved += ReviewSoon;
        documents.Closed += document =>
        {
            _found.TryRemove(document.Uri, out _);
            _opened.TryRemove(document.Uri, out _);
            if (_underWay.TryRemove(document.Uri, out CancellationTokenSource? cancel))
                cancel.Cancel();
        };
    }

    /// <summary>The suggestions that hold for a document as it is now.</summary>
    public IReadOnlyList<ReviewSuggestion> For(Document document)
    {
        if (!services.Settings.Value.Review.Enabled || !_found.TryGetValue(document.Uri, out IReadOnlyList<ReviewSuggestion>? found))
            return [];
        DismissedSuggestions? dismissed = Dismissed(sessions.Of(document.Uri));
        return [.. found.Where(s => dismissed?.Contains(s.Fingerprint) != true).Select(s => Moved(s, document.Text)).OfType<ReviewSuggestion>()];
    }

    /// <summary>Reviews a document's changed lines.</summary>
    /// <returns>How many suggestions there are.</returns>
    public async Task<int> ReviewAsync(Document document, CancellationToken cancellationToken)
    {
        SourceFile file = SourceFile.Of(sessions, document);
        FolderSession session = file.Session;
        IReadOnlyList<LineRange> changed = await Task.Run(() => Changed(document.Uri, file, cancellationToken), cancellationToken);
        DismissedSuggestions? dismissed = Dismissed(session);
        IReadOnlyList<ReviewSuggestion> found = changed.Count == 0 ? [] : await session.UseAsync(
            session.Background,
            (model, stop) => new ReviewEngine(model, ReviewOptions.Of(services.Settings.Value.Review.Sensitivity)).Review(new ReviewRequest(file.Path, file.Text, changed) { Language = file.Language }, s => dismissed?.Contains(s) == true, stop),
            cancellationToken);
        _found[document.Uri] = found;
        await RefreshAsync();
        return found.Count;
    }

    /// <summary>Never shows a suggestion again.</summary>
    /// <exception cref="IOException">It could not be written down; it holds until the server ends.</exception>
    public async Task DismissAsync(string uri, string fingerprint)
    {
        try
        {
            Dismissed(sessions.Of(uri))?.Add(fingerprint);
        }
        finally
        {
            await RefreshAsync();
        }
    }

    /// <summary>Has the client ask for the diagnostics again.</summary>
    public async Task RefreshAsync()
    {
        if (client.Capabilities.Workspace?.Diagnostics?.RefreshSupport != true)
            return;
        try
        {
            await client.Connection.RequestAsync(ClientMethods.DiagnosticRefresh, null, CancellationToken.None);
        }
        catch (Exception e) when (e is ResponseErrorException or ConnectionClosedException)
        {
            // It asks when it next wants to.
        }
    }

    private void ReviewSoon(Document document)
    {
        if (!services.Settings.Value.Review.Enabled || !services.Trust.IsTrusted)
            return;
        CancellationTokenSource cancel = new();
        _underWay.AddOrUpdate(document.Uri, cancel, (_, before) =>
        {
            before.Cancel();
            return cancel;
        });
        client.InBackground(
            async () =>
            {
                try
                {
                    await ReviewAsync(document, cancel.Token);
                }
                catch (OperationCanceledException)
                {
                    // A newer one is under way, or the document was closed.
                }
                catch (Exception e) when (e is ServingException or GitException or ModelFormatException)
                {
                    services.Log.Info("A review was left out.");
                    services.Log.Debug(e.Message);
                }
            },
            "A review");
    }

    private IReadOnlyList<LineRange> Changed(string uri, SourceFile file, CancellationToken cancellationToken)
    {
        // Git is a program: nothing is run for a workspace that is not trusted.
        if (file.Session.Path is not { } root || !services.Trust.IsTrusted)
            return [];
        return ChangedLines.Of(GitRepository.TryOpen(root, cancellationToken), file.Path, _opened.GetValueOrDefault(uri, file.Text), file.Text, cancellationToken);
    }

    private DismissedSuggestions? Dismissed(FolderSession session)
    {
        if (session.Store is not { } store)
            return null;
        return _dismissed.GetOrAdd(store.Folder, folder =>
        {
            DismissedSuggestions dismissed = new(folder);
            if (dismissed.TakeProblem() is { } problem)
                services.Tell(MessageType.Warning, problem);
            return dismissed;
        });
    }

    // Nearest first: the same line may stand in several places.
    private static ReviewSuggestion? Moved(ReviewSuggestion suggestion, DocumentText text)
    {
        int at = suggestion.Lines.Start;
        for (int distance = 0; distance < text.LineCount; distance++)
        {
            foreach (int line in distance == 0 ? (int[])[at] : [at - distance, at + distance])
            {
                if (line >= 0 && line < text.LineCount && text.Line(line) == suggestion.Current)
                    return suggestion with { Lines = new LineRange(line, line + 1) };
            }

            if (at - distance < 0 && at + distance >= text.LineCount)
                break;
        }

        return null;
    }
}
