namespace CodeTuner.LanguageServer.Serving;

/// <summary>
/// Keeps the thread of the collector's background collections alive while the server is in use. .NET ends it after twenty seconds
/// without one, and a collection that has to create it anew sometimes runs to its end with all threads stopped: tens of milliseconds
/// in which nothing can be completed (docs/benchmarks.md). The first is made at the start, when there is next to nothing to collect.
/// </summary>
/// <param name="collect">Starts a collection in the background.</param>
/// <param name="allocated">Bytes that the process has allocated so far.</param>
internal sealed class CollectorThread(Action collect, Func<long> allocated) : IDisposable
{
    /// <summary>From one collection to the next; less than what .NET waits for.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>Intervals without use, ten minutes, after which the thread may go.</summary>
    public const int LongestRest = 40;

    // A server that does nothing still writes a log and asks for the time.
    private const long Use = 1 << 20;

    private Timer? timer;
    private long before;
    private int rests;

    /// <summary>Keeps this process's.</summary>
    public static CollectorThread Start()
    {
        CollectorThread kept = new(ProcessMemory.Collect, () => GC.GetTotalAllocatedBytes());
        kept.timer = new Timer(_ => kept.Tick(), null, TimeSpan.Zero, Interval);
        return kept;
    }

    /// <summary>What happens once in an interval.</summary>
    public void Tick()
    {
        long now = allocated();
        rests = now - before > Use ? 0 : rests + 1;
        before = now;
        if (rests <= LongestRest)
            collect();
    }

    /// <inheritdoc/>
    public void Dispose() => timer?.Dispose();
}
