using System.Diagnostics;
using CodeTuner.Tuning.Devices;

namespace CodeTuner.LanguageServer.Serving;

/// <summary>
/// Opens the graphics cards in a process of its own first: a driver that crashes or hangs there takes only that process with it,
/// and not the one that completes.
/// </summary>
internal static class DriverProbe
{
    /// <summary>The argument that makes this program such a process.</summary>
    public const string Argument = "--probe-cards";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What the process does: asks for the cards. Without one, or without ggml's libraries, nothing is wrong.</summary>
    public static int Run()
    {
        _ = CardSurvey.Take();
        return 0;
    }

    /// <summary>Why the cards must be left alone; null where nothing speaks against them.</summary>
    /// <param name="start">The process; null takes this program.</param>
    /// <param name="patience">How long it may take; null is a minute.</param>
    public static string? Problem(ProcessStartInfo? start = null, TimeSpan? patience = null)
    {
        start ??= ThisProgram();
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        start.CreateNoWindow = true;
        using Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(patience ?? Patience))
        {
            process.Kill(entireProcessTree: true);
            return "The graphics driver did not answer when it was opened. A newer driver may help; set codetuner.device to cpu to leave it alone.";
        }

        return process.ExitCode == 0
            ? null
            : $"The graphics driver ended the process that opened it (code {process.ExitCode}). A newer driver may help; set codetuner.device to cpu to leave it alone.";
    }

    private static ProcessStartInfo ThisProgram()
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "codetuner-server.exe" : "codetuner-server");
        return File.Exists(program)
            ? new ProcessStartInfo(program, [Argument])
            : new ProcessStartInfo("dotnet", [Path.ChangeExtension(program, ".dll"), Argument]);
    }
}
