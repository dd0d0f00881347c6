using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.Compare.Training;

/// <summary>
/// The longest tile of each kind of work, by the clock and by the processor's time of the thread: where other processes took the
/// processor away in the middle of a tile, the two differ.
/// </summary>
internal sealed partial class LongestTiles : ITileObserver
{
    // Source: clock_gettime(2), CLOCK_THREAD_CPUTIME_ID of Linux.
    private const int ThreadTime = 3;

    [ThreadStatic]
    private static long beganAt, spentBefore;

    private readonly ConcurrentDictionary<Type, TileTimes> longest = new();

    public void Began() => (spentBefore, beganAt) = (Spent(), Stopwatch.GetTimestamp());

    public void Ended(Type work)
    {
        double took = Stopwatch.GetElapsedTime(beganAt).TotalMilliseconds;
        double spent = OperatingSystem.IsLinux() ? (Spent() - spentBefore) / 1e6 : took;
        TileTimes times = longest.GetOrAdd(work, w => new TileTimes { Work = Name(w) });
        lock (times)
            (times.Took, times.Spent, times.Total) = (Math.Max(times.Took, took), Math.Max(times.Spent, spent), times.Total + spent);
    }

    /// <summary>The longest since the last call, the longest of them first.</summary>
    public IReadOnlyList<TileTimes> Take()
    {
        TileTimes[] all = [.. longest.Values.OrderByDescending(t => t.Spent)];
        longest.Clear();
        return all;
    }

    // RowTiles of RmsNormBody, not RowTiles`1.
    private static string Name(Type work) => work.GenericTypeArguments is [.., var body] && body.Name.EndsWith("Body", StringComparison.Ordinal)
        ? body.Name
        : work.Name.Split('`')[0];

    private static long Spent()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        _ = ClockGetTime(ThreadTime, out Time now);
        return (now.Seconds * 1_000_000_000) + now.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Time time);

    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}

/// <summary>The longest tiles of one kind of work, in milliseconds.</summary>
internal sealed record TileTimes
{
    /// <summary>The work's name.</summary>
    public required string Work { get; init; }

    /// <summary>By the clock.</summary>
    public double Took { get; set; }

    /// <summary>By the thread's time on a processor.</summary>
    public double Spent { get; set; }

    /// <summary>All tiles together, by the threads' time on a processor.</summary>
    public double Total { get; set; }
}
