namespace CodeTuner.Workspace.Scanning;

/// <summary>Why a file is not read. Written as one word, in lower case with hyphens.</summary>
public enum LeftOutReason
{
    /// <summary>A <c>.gitignore</c> or <c>info/exclude</c> says so.</summary>
    Ignored,

    /// <summary>It holds a NUL byte.</summary>
    Binary,

    /// <summary>A program wrote it.</summary>
    Generated,

    /// <summary>It is squeezed into few long lines.</summary>
    Minified,

    /// <summary>Somebody else's code, copied in.</summary>
    Vendored,

    /// <summary>It is above the size limit.</summary>
    TooLarge,

    /// <summary>Its bytes are not UTF-8.</summary>
    NotUtf8,

    /// <summary>It seems to hold a password, key or token.</summary>
    Secret,

    /// <summary>Another file that is kept says the same, or nearly.</summary>
    Duplicate,

    /// <summary>Its header names a licence that is not among the allowed.</summary>
    LicenceFlagged,

    /// <summary>It is in no language that CodeTuner learns.</summary>
    Language,

    /// <summary>It cannot be read: no permission, or it vanished.</summary>
    Unreadable,

    /// <summary>A symbolic link; what it points to is read where it is, if it is in the workspace.</summary>
    Link,

    /// <summary>There is nothing in it.</summary>
    Empty,
}

/// <summary>The reasons as words.</summary>
public static class LeftOutReasons
{
    /// <summary>The word for a reason, such as <c>too-large</c>.</summary>
    public static string Word(this LeftOutReason reason) => reason switch
    {
        LeftOutReason.TooLarge => "too-large",
        LeftOutReason.NotUtf8 => "not-utf8",
        LeftOutReason.LicenceFlagged => "licence-flagged",
        _ => reason.ToString().ToLowerInvariant(),
    };
}
