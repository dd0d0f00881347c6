namespace CodeTuner.LanguageServer.Scheduling;

/// <summary>When a request is given up, and whether its answer still counts after the document changed.</summary>
/// <param name="RefuseStale">
/// Answer with ContentModified where the document changed, or was closed, since the request came:
/// for answers whose positions would be wrong by then.
/// </param>
/// <param name="NewestOnly">Cancel an unanswered request of the same method on the same document when a new one comes.</param>
internal sealed record RequestPolicy(bool RefuseStale = false, bool NewestOnly = false)
{
    /// <summary>Only the client cancels it, and its answer is always sent.</summary>
    public static readonly RequestPolicy Default = new();

    /// <summary>For what the client asks while the user types: only the newest counts, and only for the text it was asked for.</summary>
    public static readonly RequestPolicy NewestOnCurrentText = new(RefuseStale: true, NewestOnly: true);

    /// <summary>For an answer full of positions that several may ask for at once.</summary>
    public static readonly RequestPolicy CurrentText = new(RefuseStale: true);
}
