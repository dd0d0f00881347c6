using System.Runtime.InteropServices;
using CodeTuner.Models;
using CodeTuner.Models.Hub;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Trainer;
using CodeTuner.Workspace.History;

namespace CodeTuner.Tuning.Health;

/// <summary>Checks whether this machine has what CodeTuner needs.</summary>
public static class HealthChecks
{
    private const long TuningMemory = 1_500_000_000;
    private const long RunOnDisk = 500_000_000;

    /// <summary>All of them. The model's check loads it: a second or so.</summary>
    /// <param name="stateFolder">Where runs are kept.</param>
    /// <param name="model">The base model's name or folder; null for the embedded one.</param>
    /// <param name="cards">The graphics cards; null asks ggml.</param>
    public static IReadOnlyList<HealthCheck> Run(string stateFolder, string? model = null, CardSurvey? cards = null) =>
        All(stateFolder, model, cards ?? CardSurvey.Take());

    private static IReadOnlyList<HealthCheck> All(string stateFolder, string? model, CardSurvey cards) =>
        [Processor(), CardCheck.Run(cards), .. cards.Cards.Select(CardOperations.Run), Memory(), State(stateFolder), Git(), Model(model)];

    private static HealthCheck Processor()
    {
        string detail = $"{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, kernels {CpuBackendOptions.BestKernels}, .NET {Environment.Version}";
        return CpuBackendOptions.BestKernels == CpuKernelSet.Portable
            ? new HealthCheck("processor", HealthStatus.Warning, detail, "Neither AVX2 nor AVX-512 is there: tuning takes several times as long.")
            : new HealthCheck("processor", HealthStatus.Ok, detail);
    }

    private static HealthCheck Memory()
    {
        long free = MemoryEstimate.Available();
        string detail = $"{free / 1e9:F1} GB free";
        return free >= TuningMemory
            ? new HealthCheck("memory", HealthStatus.Ok, detail)
            : new HealthCheck("memory", HealthStatus.Error, detail, "Tuning the embedded model takes up to 1.5 GB: close something.");
    }

    private static HealthCheck State(string folder)
    {
        const string Name = "state folder";
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".probe-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            long free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
            string detail = $"{folder}, {free / 1e9:F1} GB free";
            return free > RunOnDisk
                ? new HealthCheck(Name, HealthStatus.Ok, detail)
                : new HealthCheck(Name, HealthStatus.Error, detail, "A run takes up to 0.5 GB: free some space, or name another folder with CODETUNER_STATE.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new HealthCheck(Name, HealthStatus.Error, $"{folder} cannot be written: {e.Message}", "Check its rights, or name another folder with CODETUNER_STATE.");
        }
    }

    private static HealthCheck Git() => GitRepository.Program is { } git
        ? new HealthCheck("git", HealthStatus.Ok, git)
        : new HealthCheck("git", HealthStatus.Warning, "not found", "Install git: without it workspaces are split by file instead of by time, and changed lines are not known.");

    private static HealthCheck Model(string? model)
    {
        try
        {
            using CpuBackend backend = new();
            string folder = ModelCatalog.Find(model);
            ModelVerification found = ModelVerification.Run(folder, backend);
            return found.FillInTheMiddle
                ? new HealthCheck("base model", HealthStatus.Ok, folder)
                : new HealthCheck("base model", HealthStatus.Error, $"{folder} was not trained for fill-in-the-middle.", "Choose another base.");
        }
        catch (ModelFormatException e)
        {
            return new HealthCheck("base model", HealthStatus.Error, e.Message, "Install CodeTuner again, or choose another base.");
        }
    }
}
