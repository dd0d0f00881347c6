using System.ComponentModel;
using System.Diagnostics;

namespace CodeTuner.LanguageServer.Lifecycle;

/// <summary>Watches the process that started the server, so that the server does not outlive an editor that crashed.</summary>
internal static class ParentProcess
{
    /// <summary>How often it is looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Completes when the process is gone.</summary>
    public static async Task WaitForExitAsync(int processId, CancellationToken cancellationToken)
    {
        using Process? process = Find(processId);
        if (process is null)
            return;
        using var timer = new PeriodicTimer(Interval);
        while (!HasExited(process))
            await timer.WaitForNextTickAsync(cancellationToken);
    }

    private static Process? Find(int processId)
    {
        try
        {
            return Process.GetProcessById(processId);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool HasExited(Process process)
    {
        try
        {
            return process.HasExited;
        }
        catch (Win32Exception)
        {
            // It runs as someone else and may not be looked into, so it runs.
            return false;
        }
    }
}
