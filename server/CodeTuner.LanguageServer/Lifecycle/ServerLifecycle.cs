using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Lifecycle;

/// <summary>
/// What may come when: nothing but <c>initialize</c> at first, then everything else, and after <c>shutdown</c> only <c>exit</c>.
/// Source: LSP 3.18, "Lifecycle Messages". Called only from the loop that reads messages.
/// </summary>
internal sealed class ServerLifecycle
{
    private readonly TaskCompletionSource _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _initialized;
    private volatile bool _shutDown;

    /// <summary>Completes when the client says <c>exit</c> or its process is gone.</summary>
    public Task Exited => _exit.Task;

    /// <summary>What the process returns: 0 after <c>shutdown</c>, otherwise 1.</summary>
    public int ExitCode => _shutDown ? 0 : 1;

    /// <summary>Why a request may not come now, or null where it may.</summary>
    public ResponseError? Refuse(string method)
    {
        if (_shutDown)
            return new(ErrorCodes.InvalidRequest, "The server has been shut down; only exit may follow.");
        bool isInitialize = method == ServerMethods.Initialize.Name;
        if (!_initialized && !isInitialize)
            return new(ErrorCodes.ServerNotInitialized, "The server has not been initialized.");
        if (_initialized && isInitialize)
            return new(ErrorCodes.InvalidRequest, "The server has been initialized already.");
        return null;
    }

    /// <summary>Whether a notification is heard now.</summary>
    public bool Hears(string method) => method == ServerMethods.Exit.Name || (_initialized && !_shutDown);

    /// <summary><c>initialize</c> went well.</summary>
    public void Initialized() => _initialized = true;

    /// <summary><c>shutdown</c> came.</summary>
    public void ShutDown() => _shutDown = true;

    /// <summary><c>exit</c> came, or the client's process is gone.</summary>
    public void Exit() => _exit.TrySetResult();
}
