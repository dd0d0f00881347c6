using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.Tuning;

namespace CodeTuner.LanguageServer.Workspaces;

/// <summary>The sessions of the folders that are open, and one for files outside them.</summary>
internal sealed class FolderSessions : IDisposable
{
    private readonly SessionServices _services;
    private readonly WorkspaceFolders _folders;
    private readonly Lazy<FolderSession> _loose;
    private readonly Lock _gate = new();
    private Dictionary<string, FolderSession> _sessions = [];
    private bool _begun;

    /// <summary>Follows the folders that the client has open.</summary>
    public FolderSessions(WorkspaceFolders folders, SessionServices services)
    {
        (_services, _folders) = (services, folders);
        _loose = new(() => new FolderSession(null, services));
        folders.Changed += Follow;
    }

    /// <summary>A folder was opened, and the settings are known.</summary>
    public event Action<FolderSession>? Opened;

    /// <summary>A session's status changed.</summary>
    public event Action<FolderSession>? StatusChanged;

    /// <summary>In the client's order.</summary>
    public IReadOnlyList<FolderSession> All
    {
        get
        {
            lock (_gate)
                return [.. _folders.All.Select(f => _sessions.GetValueOrDefault(f.Uri)).OfType<FolderSession>()];
        }
    }

    /// <summary>All of them, and that of files outside every folder where there is one.</summary>
    public IReadOnlyList<FolderSession> AllWithLoose => _loose.IsValueCreated ? [.. All, _loose.Value] : All;

    /// <summary>Opens and closes sessions as the folders are now.</summary>
    public void Follow()
    {
        List<FolderSession> opened = [], closed = [];
        lock (_gate)
        {
            Dictionary<string, FolderSession> sessions = [];
            foreach (WorkspaceFolder folder in _folders.All)
            {
                if (!_sessions.TryGetValue(folder.Uri, out FolderSession? session))
                {
                    session = new FolderSession(folder, _services);
                    session.Changed += s => StatusChanged?.Invoke(s);
                    opened.Add(session);
                }

                sessions.TryAdd(folder.Uri, session);
            }

            closed.AddRange(_sessions.Where(s => !sessions.ContainsKey(s.Key)).Select(s => s.Value));
            _sessions = sessions;
        }

        if (_begun)
            opened.ForEach(s => Opened?.Invoke(s));
        foreach (FolderSession session in closed)
            _services.Client.InBackground(() => Task.Run(session.Dispose), "Closing a folder");
    }

    /// <summary>Work on the folders can begin: the settings have come, or never will.</summary>
    public void Begin()
    {
        _begun = true;
        foreach (FolderSession session in All)
            Opened?.Invoke(session);
    }

    /// <summary>The session of the innermost folder that a document is in.</summary>
    public FolderSession Of(string documentUri) =>
        All.Where(s => Contains(s.Folder.Uri, documentUri)).MaxBy(s => s.Folder.Uri.Length) ?? _loose.Value;

    /// <summary>The session of a folder that a request names, or of the only one.</summary>
    /// <exception cref="ResponseErrorException">There is none, or several and none is named.</exception>
    public FolderSession Named(string? uri)
    {
        IReadOnlyList<FolderSession> all = All;
        if (uri is null)
        {
            return all.Count switch
            {
                1 => all[0],
                0 => throw new TuningException("No folder is open. Open one first."),
                _ => throw new ResponseErrorException(ErrorCodes.InvalidParams, "Several folders are open: name one."),
            };
        }

        return all.FirstOrDefault(s => s.Folder.Uri == uri) ?? throw new ResponseErrorException(ErrorCodes.InvalidParams, $"The folder {uri} is not open.");
    }

    /// <summary>The session of the innermost folder that a document is in, and its path from the folder's root.</summary>
    public (FolderSession Session, string Path) Place(string documentUri)
    {
        FolderSession session = Of(documentUri);
        return (session, RelativePath(session, documentUri));
    }

    // With forward slashes; the name alone where the document is outside.
    private static string RelativePath(FolderSession session, string documentUri)
    {
        string uri = Uri.UnescapeDataString(documentUri), root = Uri.UnescapeDataString(session.Folder.Uri).TrimEnd('/') + "/";
        return session.Folder.Uri.Length > 0 && uri.StartsWith(root, StringComparison.Ordinal) ? uri[root.Length..] : uri.TrimEnd('/').Split('/')[^1];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FolderSession session in All)
            session.Dispose();
        if (_loose.IsValueCreated)
            _loose.Value.Dispose();
    }

    private static bool Contains(string folder, string document) => document.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
