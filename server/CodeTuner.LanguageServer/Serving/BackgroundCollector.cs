namespace CodeTuner.LanguageServer.Serving;

/// <summary>
/// Has garbage collected in the background, in ways that do not stop a typist. .NET ends its thread for background collections after
/// twenty seconds without one, and a collection that has to create it anew is sometimes done with all threads stopped, tens of
/// milliseconds, as is one that follows another at once (docs/benchmarks.md). So the thread is kept alive while the server is in use,
/// from the start on, when there is little to collect; after a rest it is made at the first key, before anything is asked for.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="collect">Starts a collection in the background.</param>
/// <param name="collections">A number that changes with each of them.</param>
/// <param name="allocated">Bytes that the process has allocated so far.</param>
internal sealed class BackgroundCollector(TimeProvider time, Action collect, Func<long> collections, Func<long> allocated) : IDisposable
{
    /// <summary>How often is looked whether the server is in use; with <see cref="Soonest"/> less than what .NET waits for.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>The least from one collection to the next.</summary>
    public static readonly TimeSpan Soonest = TimeSpan.FromSeconds(10);

    // A server that does nothing still asks for the time.
    private const long Use = 1 << 20;

    private readonly Lock gate = new();
    private Timer? timer;
    private long seen, last, allocatedThen;
    private bool isAsked, isOwed;

    /// <summary>This process's.</summary>
    public static BackgroundCollector Process { get; } = new(
        TimeProvider.System,
        () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false, compacting: false),
        () => GC.GetGCMemoryInfo(GCKind.Background).Index,
        () => GC.GetTotalAllocatedBytes());

    /// <summary>Begins to keep the thread alive.</summary>
    public BackgroundCollector Start()
    {
        lock (gate)
            Begin();
        timer = new Timer(_ => Tick(), null, Interval, Interval);
        return this;
    }

    /// <summary>Collects; a little later, if that was done a moment ago.</summary>
    public void Collect()
    {
        lock (gate)
        {
            Look();
            isOwed = time.GetElapsedTime(last) < Soonest;
            if (!isOwed)
                Begin();
        }
    }

    /// <summary>Somebody types: what a rest has ended begins again, beside the call.</summary>
    /// <returns>Whether it had ended.</returns>
    public bool Wake() => time.GetElapsedTime(Volatile.Read(ref last)) > Interval + Soonest
        && ThreadPool.UnsafeQueueUserWorkItem(static collector => collector.Collect(), this, preferLocal: false);

    /// <summary>What happens once in an interval.</summary>
    public void Tick()
    {
        long now = allocated();
        if (now - allocatedThen > Use || isOwed)
        {
            Collect();
        }
        else
        {
            lock (gate)
                Look();
        }

        allocatedThen = now;
    }

    /// <inheritdoc/>
    public void Dispose() => timer?.Dispose();

    private void Begin()
    {
        last = time.GetTimestamp();
        isAsked = true;
        collect();
    }

    // When one ended that was not asked for here is known to an interval.
    private void Look()
    {
        long index = collections();
        if (index == seen)
            return;
        seen = index;
        if (!isAsked)
            last = time.GetTimestamp();
        isAsked = false;
    }
}
