using CodeTuner.LanguageServer.Serving;

namespace CodeTuner.LanguageServer.Tests.Serving;

public sealed class BackgroundCollectorTests
{
    private readonly Clock clock = new();
    private int collections;
    private int others;
    private long allocated;

    [Fact]
    public void WhileTheServerIsUsedTheThreadNeverWaitsTooLong()
    {
        using BackgroundCollector collector = Start();
        for (int i = 0; i < 1000; i++)
            Tick(collector, allocating: 2 << 20);
        Assert.InRange(collections, 1000 * BackgroundCollector.Interval / TimeSpan.FromSeconds(20), 1000 * BackgroundCollector.Interval / BackgroundCollector.Soonest + 1);
    }

    [Fact]
    public void AtRestNothingHappensUntilSomebodyTypes()
    {
        using BackgroundCollector collector = Start();
        for (int i = 0; i < 1000; i++)
            Tick(collector, allocating: 1000);
        Assert.Equal(1, collections);
        Assert.True(collector.Wake());
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref collections) == 2, TimeSpan.FromMinutes(1)));
        clock.Now += BackgroundCollector.Soonest;
        Assert.False(collector.Wake());
    }

    [Fact]
    public void SoonAfterAnotherItWaits()
    {
        using BackgroundCollector collector = Start();
        Tick(collector, allocating: 0);
        clock.Now += TimeSpan.FromMinutes(1);
        others++;
        collector.Collect();
        Assert.Equal(1, collections);
        for (int i = 0; i < 100; i++)
            Tick(collector, allocating: 0);
        Assert.Equal(2, collections);
    }

    [Fact]
    public void ThisProcessIsCollected()
    {
        int before = GC.CollectionCount(2);
        using BackgroundCollector collector = BackgroundCollector.Process.Start();
        Assert.True(SpinWait.SpinUntil(() => GC.CollectionCount(2) > before, TimeSpan.FromMinutes(1)));
    }

    private BackgroundCollector Start() => new BackgroundCollector(clock, () => collections++, () => collections + others, () => allocated).Start();

    private void Tick(BackgroundCollector collector, long allocating)
    {
        clock.Now += BackgroundCollector.Interval;
        allocated += allocating;
        collector.Tick();
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
