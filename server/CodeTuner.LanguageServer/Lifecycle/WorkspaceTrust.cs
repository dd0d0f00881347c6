namespace CodeTuner.LanguageServer.Lifecycle;

/// <summary>
/// Whether the user trusts the workspace. Without trust it is read only: the base model serves, no program is run for it
/// (git neither), nothing that was tuned on it is used, and it is not tuned.
/// </summary>
internal sealed class WorkspaceTrust
{
    private volatile bool _isTrusted = true;

    /// <summary>The user has just granted trust. It is never withdrawn while the server runs: editors restart for that.</summary>
    public event Action? Granted;

    /// <summary>Whether it is trusted.</summary>
    public bool IsTrusted => _isTrusted;

    /// <summary>As the client says at the start.</summary>
    public void Initialize(bool trusted) => _isTrusted = trusted;

    /// <summary><c>codetuner/didGrantTrust</c>.</summary>
    public void Grant()
    {
        if (_isTrusted)
            return;
        _isTrusted = true;
        Granted?.Invoke();
    }
}
