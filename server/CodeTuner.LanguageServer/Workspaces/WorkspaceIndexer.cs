using CodeTuner.LanguageServer.Documents;
using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Serving;
using CodeTuner.Workspace;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.LanguageServer.Workspaces;

/// <summary>Keeps what prompts show of a folder's other files up to date: reads the folder once, then follows documents and files.</summary>
internal sealed class WorkspaceIndexer(FolderSessions sessions, SessionServices services, OpenDocuments documents)
{
    /// <summary>Follows the folders and documents.</summary>
    public void Follow()
    {
        sessions.Opened += session => services.Client.InBackground(() => OnOwnThread(() => Read(session)), "Reading the workspace");
        documents.Opened += document => Each(document, (session, path, _) => session.Completions.Context.Opened(path));
        documents.Closed += document => Each(document, (session, path, _) => session.Completions.Context.Closed(path));
        documents.Changed += document => Each(document, (session, path, language) =>
            session.Completions.Context.Changed(path, language, () => (documents.Find(document.Uri) ?? document).Text.ToString()));
    }

    /// <summary>Asks the client to tell of files that change on the disk, where it can.</summary>
    public async Task WatchAsync(LanguageClient client, CancellationToken cancellationToken)
    {
        if (client.Capabilities.Workspace?.DidChangeWatchedFiles?.DynamicRegistration != true)
            return;
        string extensions = string.Join(',', LanguageTable.All.SelectMany(l => l.Extensions).Select(e => e.TrimStart('.')).Distinct());
        DidChangeWatchedFilesRegistrationOptions options = new([new Protocol.Lsp.FileSystemWatcher($"**/*.{{{extensions}}}")]);
        await client.RegisterAsync(
            ServerMethods.DidChangeWatchedFiles.Name, options, LspJsonContext.Default.DidChangeWatchedFilesRegistrationOptions, cancellationToken);
    }

    /// <summary><c>workspace/didChangeWatchedFiles</c>: files that changed outside the editor.</summary>
    public void FilesChanged(DidChangeWatchedFilesParams parameters)
    {
        foreach (FileEvent change in parameters.Changes)
        {
            if (documents.Find(change.Uri) is not null)
                continue; // the editor's text counts
            (FolderSession session, string path) = sessions.Place(change.Uri);
            if (change.Type == FileChangeType.Deleted)
                session.Completions.Context.Remove(path);
            else if (session.Path is { } root)
                services.Client.InBackground(() => Task.Run(() => ReadAgain(session, root, path)), "Reading a file");
        }
    }

    // It takes seconds, and the pool's threads are for requests.
    private static Task OnOwnThread(Action work) => Task.Factory.StartNew(
        () =>
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
            work();
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void ReadAgain(FolderSession session, string root, string path)
    {
        // Only what the scan kept before: a new file is found by the next scan, with all its rules.
        FileInfo file = new(Path.Combine(root, path));
        Language language = LanguageTable.Of(path);
        if (language == Language.Unknown || !session.Completions.Context.Knows(path) || !file.Exists || file.Length > new ScanOptions().MaxFileBytes)
            return;
        try
        {
            session.Completions.Context.Set(path, language, File.ReadAllText(file.FullName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            session.Completions.Context.Remove(path);
        }
    }

    private void Read(FolderSession session)
    {
        if (session.Path is not { } root || !Directory.Exists(root))
            return;
        try
        {
            ScanOptions options = new()
            {
                IgnorePatterns = services.Settings.Value.Tune.Exclude, MaxParallelism = 1, MaxTotalBytes = 32_000_000, AsksGit = services.Trust.IsTrusted,
            };
            foreach (SourceDocument document in WorkspaceScanner.Scan(root, options).Documents)
                session.Completions.Context.Set(document);
        }
        catch (WorkspaceException e)
        {
            services.Log.Info("The workspace could not be read for similar code.");
            services.Log.Debug(e.Message);
        }

        BackgroundCollector.Process.Collect();
    }

    private void Each(Document document, Action<FolderSession, string, Language> act)
    {
        (FolderSession session, string path) = sessions.Place(document.Uri);
        act(session, path, SourceFile.LanguageOf(document, path));
    }
}
