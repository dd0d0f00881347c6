using System.Diagnostics;
using System.Text;

namespace CodeTuner.Workspace.History;

/// <summary>
/// Runs the <c>git</c> program so that nothing the workspace holds is run by it: no hooks, no file-system monitor, no external
/// diff, no text conversion, no prompt, no pager, no locks.
/// </summary>
internal static class GitProcess
{
    private static readonly string[] Safe =
        ["--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false", "-c", "diff.external=", "-c", "protocol.allow=never"];

    /// <summary>Runs git and gives its output as UTF-8, or null where it failed, is not installed, or took too long.</summary>
    public static string? Run(string folder, IReadOnlyList<string> arguments, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("git")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (string argument in Safe.Concat(arguments))
            start.ArgumentList.Add(argument);
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name); // a hook that started us may have set these for another repository
        start.Environment["LC_ALL"] = "C";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no git program
        }

        using (process)
        {
            process.StandardInput.Close();
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(timeout);
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token), errors = process.StandardError.ReadToEndAsync(limit.Token);
            try
            {
                Task.WaitAll([output, errors], limit.Token);
                process.WaitForExitAsync(limit.Token).Wait(limit.Token);
                return process.ExitCode == 0 ? output.Result : null;
            }
            catch (Exception e) when (e is OperationCanceledException or AggregateException)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                return null;
            }
        }
    }
}
