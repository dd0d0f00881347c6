using System.Globalization;
using CodeTuner.Assist.Completion;
using CodeTuner.Assist.Context;
using CodeTuner.LanguageServer.Workspaces;

namespace CodeTuner.LanguageServer.Features.InlineCompletion;

/// <summary>The completions of a folder: its session with the user, on the model that serves it.</summary>
internal sealed class FolderCompletions
{
    private static int lastNumber;

    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref lastNumber)}-");
    private readonly FolderSession _session;
    private readonly SessionServices _services;
    private readonly PromptAnchors _anchors = new();
    private readonly Lock _gate = new();
    private CompletionSession? _completions;
    private int _debounce;
    private CancellationTokenSource? _prefetch;

    /// <param name="session">The folder.</param>
    /// <param name="services">What all folders share.</param>
    public FolderCompletions(FolderSession session, SessionServices services) => (_session, _services) = (session, services);

    /// <summary>What prompts show of the folder's other files.</summary>
    public WorkspaceContext Context { get; } = new(mostCharacters: 8_000_000);

    /// <summary>Answers a question of the editor.</summary>
    public Task<CompletionAnswer?> AskAsync(CompletionQuery query, CancellationToken cancellationToken)
    {
        _prefetch?.Cancel();
        return Completions().AskAsync(query, cancellationToken);
    }

    /// <summary>An id that no other folder gives.</summary>
    public string WireId(string id) => _prefix + id;

    /// <summary>The session's id of what <see cref="WireId"/> gave; null where another folder did.</summary>
    public string? OwnId(string wireId) => wireId.StartsWith(_prefix, StringComparison.Ordinal) ? wireId[_prefix.Length..] : null;

    /// <summary>The user sees an answer.</summary>
    public void Shown(string id) => Completions().Shown(id);

    /// <summary>The user accepted an answer: the next one is prepared.</summary>
    public void Accepted(string id)
    {
        CompletionRequest? next = Completions().Accepted(id);
        _services.CompletionMemory.SaveSoon();
        if (next is null)
            return;
        CancellationTokenSource cancel = new();
        _prefetch = cancel;
        _services.Client.InBackground(
            async () =>
            {
                try
                {
                    await Completions().PrefetchAsync(next, cancel.Token);
                }
                catch (OperationCanceledException)
                {
                    // The user asks already.
                }
            },
            "Preparing the next completion");
    }

    /// <summary>Another model serves: what was answered before no longer counts.</summary>
    public void Reset()
    {
        lock (_gate)
            _completions?.Reset();
    }

    // Made anew where the user changed the pause: what was offered before is forgotten with the old one.
    private CompletionSession Completions()
    {
        int debounce = Math.Clamp(_services.Settings.Value.Completion.Debounce, 0, 5000);
        lock (_gate)
        {
            if (_completions is null || debounce != _debounce)
            {
                CompletionMemory memory = _services.CompletionMemory;
                _completions = new CompletionSession(CompleteAsync, memory.Threshold, memory.Statistics, leastDelay: TimeSpan.FromMilliseconds(debounce));
                _debounce = debounce;
            }

            return _completions;
        }
    }

    private Task<CompletionResult> CompleteAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        CompletionOptions options = new() { MaxLines = Math.Clamp(_services.Settings.Value.Completion.MaxLines, 1, 100) };
        return _session.UseAsync(
            _session.Typing, (model, stop) => new CompletionEngine(model, _session.Repository, Context, options, anchors: _anchors).Complete(request, stop), cancellationToken);
    }
}
