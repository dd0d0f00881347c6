using System.CommandLine;
using System.Runtime.InteropServices;
using CodeTuner.Cli.Output;
using CodeTuner.Models;
using CodeTuner.Models.Hub;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tuning.Runs;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Cli.Commands;

/// <summary><c>doctor</c>: whether this machine has what CodeTuner needs.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Command command = new("doctor", "Check whether this machine has what CodeTuner needs.") { CommonOptions.State, CommonOptions.Json };
        command.SetAction(result => Run(result.GetValue(CommonOptions.State) ?? RunStore.DefaultState(), result.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(string state, bool json)
    {
        List<Check> checks = [Processor(), Memory(), State(state), Git(), Model()];
        if (json)
        {
            JsonOutput.Write(new { healthy = checks.TrueForAll(c => c.Passed), checks });
        }
        else
        {
            foreach (Check check in checks)
                Console.WriteLine($"{(check.Passed ? "ok  " : "FAIL")} {check.Name}: {check.Detail}");
        }

        return checks.TrueForAll(c => c.Passed) ? ExitCode.Done : ExitCode.Failed;
    }

    private static Check Processor() =>
        new("processor", true, $"{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, kernels {CpuBackendOptions.BestKernels}, .NET {Environment.Version}");

    private static Check Memory()
    {
        const long Needed = 1_500_000_000;
        long free = MemoryEstimate.Available();
        return new Check("memory", free >= Needed, $"{free / 1e9:F1} GB free{(free >= Needed ? "" : "; tuning the embedded model takes up to 1.5 GB: close something")}");
    }

    private static Check State(string state)
    {
        try
        {
            Directory.CreateDirectory(state);
            string probe = Path.Combine(state, $".probe-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            long free = new DriveInfo(Path.GetFullPath(state)).AvailableFreeSpace;
            bool enough = free > 500_000_000;
            return new Check("state folder", enough, $"{state}, {free / 1e9:F1} GB free{(enough ? "" : "; a run takes up to 0.5 GB: free some, or use --state")}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Check("state folder", false, $"{state} cannot be written ({e.Message}). Check its rights, or use --state.");
        }
    }

    private static Check Git()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string? git = folders.Select(f => Path.Combine(f, OperatingSystem.IsWindows() ? "git.exe" : "git")).FirstOrDefault(File.Exists);
        return new Check("git", true, git ?? "not found: workspaces are split by file instead of by time");
    }

    private static Check Model()
    {
        try
        {
            using CpuBackend backend = new();
            string folder = ModelCatalog.Find(null);
            ModelVerification.Run(folder, backend);
            return new Check("embedded model", true, folder);
        }
        catch (ModelFormatException e)
        {
            return new Check("embedded model", false, e.Message);
        }
    }

    private sealed record Check(string Name, bool Passed, string Detail);
}
