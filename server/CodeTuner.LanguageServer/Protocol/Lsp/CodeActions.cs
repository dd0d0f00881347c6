using System.Text.Json;
using CodeTuner.LanguageServer.Protocol.JsonRpc;

namespace CodeTuner.LanguageServer.Protocol.Lsp;

internal sealed record CodeActionParams(TextDocumentIdentifier TextDocument, Range Range, CodeActionContext Context) : ITextDocumentParams
{
    public IntegerOrString? WorkDoneToken { get; init; }

    public IntegerOrString? PartialResultToken { get; init; }
}

internal sealed record CodeActionContext(Diagnostic[] Diagnostics)
{
    /// <summary>See <see cref="CodeActionKind"/>; null asks for every kind.</summary>
    public string[]? Only { get; init; }

    public CodeActionTriggerKind? TriggerKind { get; init; }
}

internal enum CodeActionTriggerKind
{
    /// <summary>By the user.</summary>
    Invoked = 1,

    /// <summary>By the cursor's move.</summary>
    Automatic = 2,
}

internal sealed record CodeAction(string Title)
{
    /// <summary>See <see cref="CodeActionKind"/>.</summary>
    public string? Kind { get; init; }

    public Diagnostic[]? Diagnostics { get; init; }

    public bool? IsPreferred { get; init; }

    public CodeActionDisabled? Disabled { get; init; }

    /// <summary>Left out where <c>codeAction/resolve</c> fills it in.</summary>
    public WorkspaceEdit? Edit { get; init; }

    public Command? Command { get; init; }

    /// <summary>Comes back with <c>codeAction/resolve</c>.</summary>
    public JsonElement? Data { get; init; }

    public CodeActionTag[]? Tags { get; init; }
}

internal sealed record CodeActionDisabled(string Reason);

internal enum CodeActionTag
{
    /// <summary>A language model wrote it.</summary>
    LLMGenerated = 1,
}

internal static class CodeActionKind
{
    public const string QuickFix = "quickfix";
    public const string Refactor = "refactor";
    public const string RefactorRewrite = "refactor.rewrite";
    public const string Source = "source";
}

/// <param name="Title">What the user reads.</param>
/// <param name="Name">The command's identifier.</param>
internal sealed record Command(string Title, [property: System.Text.Json.Serialization.JsonPropertyName("command")] string Name)
{
    public JsonElement[]? Arguments { get; init; }
}
