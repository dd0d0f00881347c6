using System.CommandLine;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Write one JSON object and nothing else." };

    public static Option<string?> State { get; } =
        new("--state") { Description = $"Folder for runs and tuned models (default: {RunStore.StateVariable}, or the user's data folder).", HelpName = "DIR" };

    public static Option<int> Threads { get; } = new("--threads") { Description = "Threads (default: one a core).", HelpName = "N" };

    public static Option<string?> Model { get; } = new("--model") { Description = "Base model: a name from \"models list\" or a folder.", HelpName = "NAME" };

    public static Argument<string> Workspace { get; } =
        new("workspace") { Description = "The workspace's folder.", DefaultValueFactory = _ => ".", HelpName = "PATH" };

    /// <summary>The compute backend that the options ask for.</summary>
    public static CpuBackend Backend(ParseResult result)
    {
        int threads = result.GetValue(Threads);
        if (threads < 0)
            throw new UsageException("--threads must be positive.");
        return new CpuBackend(new CpuBackendOptions { Threads = threads == 0 ? null : threads });
    }

    /// <summary>The runs of the workspace that the command names.</summary>
    public static RunStore Store(ParseResult result) => new(result.GetValue(Workspace)!, result.GetValue(State));
}
