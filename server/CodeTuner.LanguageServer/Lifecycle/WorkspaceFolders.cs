using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Lifecycle;

/// <summary>The folders that the editor has open.</summary>
internal sealed class WorkspaceFolders
{
    private volatile WorkspaceFolder[] _folders = [];

    /// <summary>A folder came or went.</summary>
    public event Action? Changed;

    /// <summary>In the client's order; empty where only files are open.</summary>
    public IReadOnlyList<WorkspaceFolder> All => _folders;

    /// <summary>Takes them from <c>initialize</c>; a client without folders may name a root.</summary>
    public void Initialize(InitializeParams parameters) =>
        _folders = parameters.WorkspaceFolders ?? (parameters.RootUri is { } root ? [new WorkspaceFolder(root, NameOf(root))] : []);

    /// <summary><c>workspace/didChangeWorkspaceFolders</c>.</summary>
    public void Change(DidChangeWorkspaceFoldersParams parameters)
    {
        HashSet<string> gone = [.. parameters.Event.Removed.Select(folder => folder.Uri)];
        _folders = [.. _folders.Where(folder => !gone.Contains(folder.Uri)), .. parameters.Event.Added];
        Changed?.Invoke();
    }

    private static string NameOf(string uri) => Uri.UnescapeDataString(uri.TrimEnd('/').Split('/')[^1]);
}
