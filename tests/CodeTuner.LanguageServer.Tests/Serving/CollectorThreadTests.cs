using CodeTuner.LanguageServer.Serving;

namespace CodeTuner.LanguageServer.Tests.Serving;

public sealed class CollectorThreadTests
{
    private int collections;
    private long allocated;

    [Fact]
    public void ItCollectsWhileTheServerIsUsed()
    {
        using CollectorThread kept = Keep();
        Tick(kept, 200, allocating: 2 << 20);
        Assert.Equal(200, collections);
    }

    [Fact]
    public void ItRestsWithTheServerAndWakesWithIt()
    {
        using CollectorThread kept = Keep();
        Tick(kept, 1, allocating: 2 << 20);
        Tick(kept, CollectorThread.LongestRest + 30, allocating: 1000);
        Assert.Equal(1 + CollectorThread.LongestRest, collections);
        Tick(kept, 3, allocating: 2 << 20);
        Assert.Equal(4 + CollectorThread.LongestRest, collections);
    }

    [Fact]
    public void ItBeginsAtOnce()
    {
        int before = GC.CollectionCount(2);
        using CollectorThread kept = CollectorThread.Start();
        Assert.True(SpinWait.SpinUntil(() => GC.CollectionCount(2) > before, TimeSpan.FromMinutes(1)));
    }

    private CollectorThread Keep() => new(() => collections++, () => allocated);

    private void Tick(CollectorThread kept, int times, long allocating)
    {
        for (int i = 0; i < times; i++)
        {
            allocated += allocating;
            kept.Tick();
        }
    }
}
