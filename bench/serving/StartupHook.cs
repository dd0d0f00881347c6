using System.Diagnostics.Tracing;
using System.Globalization;

/// <summary>Loaded into the server by the runtime (DOTNET_STARTUP_HOOKS): notes each time that the collector held all threads.</summary>
internal static class StartupHook
{
    /// <summary>Names the file to write.</summary>
    public const string Variable = "CODETUNER_PAUSES";

    /// <summary>Set where samples of what is allocated are wanted too: a line a type for about each 100 kB.</summary>
    public const string AllocationsVariable = "CODETUNER_ALLOCATIONS";

    private static Listener? listener; // kept from the collector

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } file)
            listener = new Listener(new StreamWriter(file) { AutoFlush = true }, Environment.GetEnvironmentVariable(AllocationsVariable) is not null);
    }

    // Source: Microsoft's documentation of the runtime's garbage collection events.
    private sealed class Listener : EventListener
    {
        private const EventKeywords Collector = (EventKeywords)1;

        private readonly TextWriter writer;
        private readonly EventLevel level;
        private DateTime began, suspended;
        private string kind = "";

        public Listener(TextWriter writer, bool allocations)
        {
            (this.writer, level) = (writer, allocations ? EventLevel.Verbose : EventLevel.Informational);
            foreach (EventSource source in EventSource.GetSources())
                Enable(source);
        }

        // May come before this class's own constructor.
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (writer is not null)
                Enable(eventSource);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            switch (eventData.EventName)
            {
                case "GCSuspendEEBegin_V1":
                    (began, suspended, kind) = (eventData.TimeStamp, eventData.TimeStamp, Payload("Reason") is "1" or "6" ? "in-the-background" : "other-than-collecting");
                    break;
                case "GCSuspendEEEnd_V1":
                    suspended = eventData.TimeStamp;
                    break;
                case "GCStart_V2" when Payload("Type") != "1":
                    kind = $"generation-{Payload("Depth")}";
                    break;
                case "GCRestartEEEnd_V1" when began != default:
                    double all = (eventData.TimeStamp - began).TotalMilliseconds, stopping = (suspended - began).TotalMilliseconds;
                    Write(string.Create(CultureInfo.InvariantCulture, $"pause {kind} {all:F3} {stopping:F3} {began:HH:mm:ss.fff}"));
                    began = default;
                    break;
                case "GCAllocationTick_V4":
                    Write($"allocated {Payload("TypeName")} {(Payload("AllocationKind") == "1" ? "large" : "small")} {Payload("ObjectSize")}");
                    break;
            }

            string Payload(string name) => eventData.Payload?[eventData.PayloadNames!.IndexOf(name)]?.ToString() ?? "";
        }

        private void Enable(EventSource source)
        {
            if (source.Name == "Microsoft-Windows-DotNETRuntime")
                EnableEvents(source, level, Collector);
        }

        private void Write(string line)
        {
            lock (writer)
                writer.WriteLine(line);
        }
    }
}
