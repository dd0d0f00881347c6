using System.CommandLine;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Write one JSON object and nothing else." };

    public static Option<string?> State { get; } =
        new("--state") { Description = $"Folder for runs and tuned models (default: {RunStore.StateVariable}, or the user's data folder).", HelpName = "DIR" };

    public static Option<int> Threads { get; } = new("--threads") { Description = "Threads (default: one a core).", HelpName = "N" };

    public static Option<string> Device { get; } = new("--device")
    {
        Description = "What computes: cpu, auto (a graphics card where there is one), or a card's name as \"doctor\" lists it.",
        DefaultValueFactory = _ => ComputeDevice.Automatic,
        HelpName = "NAME",
    };

    public static Option<double> GpuMemory { get; } =
        new("--gpu-memory") { Description = "The most of a card's memory to take, in percent.", DefaultValueFactory = _ => 80, HelpName = "N" };

    public static Option<string?> Model { get; } = new("--model") { Description = "Base model: a name from \"models list\" or a folder.", HelpName = "NAME" };

    public static Argument<string> Workspace { get; } =
        new("workspace") { Description = "The workspace's folder.", DefaultValueFactory = _ => ".", HelpName = "PATH" };

    /// <summary>A backend on a device.</summary>
    public static Backend Backend(ParseResult result, ComputeDevice device) => device.CreateBackend(Cpu(result), GpuMemoryShare(result));

    /// <summary>The most of a card's memory to take, 0 to 1.</summary>
    public static double GpuMemoryShare(ParseResult result) =>
        result.GetValue(GpuMemory) is var percent and >= 10 and <= 100 ? percent / 100 : throw new UsageException("--gpu-memory must be 10 to 100.");

    private static CpuBackendOptions Cpu(ParseResult result)
    {
        int threads = result.GetValue(Threads);
        if (threads < 0)
            throw new UsageException("--threads must be positive.");
        return new CpuBackendOptions { Threads = threads == 0 ? null : threads };
    }

    /// <summary>The runs of the workspace that the command names.</summary>
    public static RunStore Store(ParseResult result) => new(result.GetValue(Workspace)!, result.GetValue(State));
}
