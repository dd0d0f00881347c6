using CodeTuner.LanguageServer.Features.InlineCompletion;
using CodeTuner.LanguageServer.Features.Tuning;
using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.LanguageServer.Logging;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Scheduling;
using CodeTuner.LanguageServer.Serving;

namespace CodeTuner.LanguageServer.Workspaces;

/// <summary>What the sessions of all folders share.</summary>
internal sealed record SessionServices(
    ComputeResources Compute, CurrentSettings Settings, WorkspaceTrust Trust, LanguageClient Client, WorkDoneProgress Progress, ServerLog Log)
{
    /// <summary>Where state lies; null takes the user's data folder. Set by <c>initialize</c>.</summary>
    public string? StateFolder { get; set; }

    /// <summary>What is kept of completions over sessions.</summary>
    public required CompletionMemory CompletionMemory { get; init; }

    /// <summary>Held by the tune that runs: two at once would only halve each other.</summary>
    public SemaphoreSlim TuneSlot { get; } = new(1, 1);

    /// <summary>Where the machine's power comes from.</summary>
    public PowerSupply Power { get; } = new();

    /// <summary>Shows the user a message.</summary>
    public void Tell(MessageType type, string message) =>
        Client.Connection.TryNotify(ClientMethods.ShowMessage, new ShowMessageParams(type, message));
}
