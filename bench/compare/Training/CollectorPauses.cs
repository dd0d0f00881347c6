using System.Diagnostics.Tracing;

namespace CodeTuner.Compare.Training;

/// <summary>How long the garbage collector held all threads, from the runtime's own events: from the begin of each suspension to the end of its restart.</summary>
internal sealed class CollectorPauses : EventListener
{
    private const EventKeywords Collector = (EventKeywords)1;

    private DateTime? began;
    private long longest;

    /// <summary>The longest since the last <see cref="Clear"/>.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref longest));

    public void Clear() => Interlocked.Exchange(ref longest, 0);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            EnableEvents(eventSource, EventLevel.Informational, Collector);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName == "GCSuspendEEBegin_V1")
            began = eventData.TimeStamp;
        if (eventData.EventName != "GCRestartEEEnd_V1" || began is not { } start)
            return;
        began = null;
        Interlocked.Exchange(ref longest, Math.Max(longest, (eventData.TimeStamp - start).Ticks));
    }
}
