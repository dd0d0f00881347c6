using System.Text.Json.Serialization;
using CodeTuner.LanguageServer.Protocol.JsonRpc;

namespace CodeTuner.LanguageServer.Protocol.Lsp;

internal enum MessageType
{
    Error = 1,
    Warning = 2,
    Info = 3,
    Log = 4,
    Debug = 5,
}

internal sealed record ShowMessageParams(MessageType Type, string Message);

internal sealed record LogMessageParams(MessageType Type, string Message);

internal sealed record ShowMessageRequestParams(MessageType Type, string Message)
{
    public MessageActionItem[]? Actions { get; init; }
}

internal sealed record MessageActionItem(string Title);

internal sealed record WorkDoneProgressCreateParams(IntegerOrString Token);

internal sealed record WorkDoneProgressCancelParams(IntegerOrString Token);

/// <summary>What <c>$/progress</c> carries; the only values this server sends are those of work-done progress.</summary>
internal sealed record ProgressParams(IntegerOrString Token, WorkDoneProgressValue Value);

/// <summary>One of begin, report and end.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(WorkDoneProgressBegin), "begin")]
[JsonDerivedType(typeof(WorkDoneProgressReport), "report")]
[JsonDerivedType(typeof(WorkDoneProgressEnd), "end")]
internal abstract record WorkDoneProgressValue;

internal sealed record WorkDoneProgressBegin(string Title) : WorkDoneProgressValue
{
    public bool? Cancellable { get; init; }

    public string? Message { get; init; }

    /// <summary>0 to 100; null shows an endless bar.</summary>
    public uint? Percentage { get; init; }
}

internal sealed record WorkDoneProgressReport : WorkDoneProgressValue
{
    public string? Message { get; init; }

    /// <summary>0 to 100, never falling.</summary>
    public uint? Percentage { get; init; }
}

internal sealed record WorkDoneProgressEnd : WorkDoneProgressValue
{
    public string? Message { get; init; }
}
