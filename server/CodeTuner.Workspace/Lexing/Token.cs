using CodeTuner.Workspace.Outline;

namespace CodeTuner.Workspace.Lexing;

/// <summary>What a token is.</summary>
public enum TokenKind
{
    /// <summary>A name or a keyword.</summary>
    Word,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A string, character, template or regular-expression literal.</summary>
    Literal,

    /// <summary>A comment.</summary>
    Comment,

    /// <summary>A line of the preprocessor.</summary>
    Directive,

    /// <summary>One of ( [ {.</summary>
    Open,

    /// <summary>One of ) ] }.</summary>
    Close,

    /// <summary>Any other character.</summary>
    Symbol,
}

/// <summary>A token of source code.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first UTF-16 position.</param>
/// <param name="End">The position after its last.</param>
/// <param name="IsClosed">False for a literal or comment that the end of the text or line cut off.</param>
public readonly record struct Token(TokenKind Kind, int Start, int End, bool IsClosed = true)
{
    /// <summary>Where it stands.</summary>
    public TextSpan Span => new(Start, End);

    /// <summary>Its characters.</summary>
    public ReadOnlySpan<char> In(string text) => text.AsSpan(Start, End - Start);
}
