using System.Diagnostics;
using System.Globalization;

/// <summary>Loaded into the server by the runtime (DOTNET_STARTUP_HOOKS): notes each of the collector's pauses.</summary>
internal static class StartupHook
{
    /// <summary>Names the file to write.</summary>
    public const string Variable = "CODETUNER_PAUSES";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } file)
            new Thread(() => Watch(file)) { IsBackground = true, Priority = ThreadPriority.AboveNormal }.Start();
    }

    private static void Watch(string file)
    {
        using StreamWriter writer = new(file) { AutoFlush = true };
        int collections = 0;
        long seen = 0;
        TimeSpan paused = TimeSpan.Zero;
        while (true)
        {
            Thread.Sleep(1);
            TimeSpan now = GC.GetTotalPauseDuration();
            if (now == paused)
                continue;
            GCMemoryInfo info = GC.GetGCMemoryInfo(GCKind.Any);
            string kind = info.Index == seen ? "other" : $"generation-{info.Generation}{(info.Concurrent ? "-concurrent" : "")}{(info.Compacted ? "-compacting" : "")}";
            // Concurrent ones pause twice and are told of once; what came between two looks counts as one pause.
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind} {(now - paused).TotalMilliseconds:F3} {Stopwatch.GetTimestamp()}"));
            (paused, seen) = (now, info.Index);
            collections++;
        }
    }
}
