using System.Collections.Concurrent;
using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.Tensors.Tests.Threading;

public class CpuThreadPoolTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(20);

    // The first tile is the caller's, most often; a long last one lets the caller run out of work and sleep.
    [Theory]
    [InlineData(1, 5, 0)]
    [InlineData(2, 1, 0)]
    [InlineData(2, 2, 1)]
    [InlineData(2, 7, 0)]
    [InlineData(3, 100, 99)]
    public void EveryTileRunsOnce(int threads, int tiles, int longTile)
    {
        using CpuThreadPool pool = new(threads);
        for (int round = 0; round < 20; round++)
        {
            int[] ran = new int[tiles];
            pool.Run(tiles, new Counting { Ran = ran, LongTile = longTile, Pause = round % 5 == 0 ? Long : TimeSpan.Zero }, ComputePriority.Background);
            Assert.All(ran, r => Assert.Equal(1, r));
        }
    }

    [Fact]
    public void WorkersThatSleepWakeUp()
    {
        using CpuThreadPool pool = new(2);
        for (int round = 0; round < 10; round++)
        {
            Thread.Sleep(5); // far longer than a thread looks out for work
            int[] workers = new int[8];
            pool.Run(workers.Length, new NotingWorker { Workers = workers }, ComputePriority.Interactive);
            if (workers.Distinct().Count() == 2)
                return;
        }

        Assert.Fail("The second thread never helped.");
    }

    [Fact]
    public void CallersAtOnceGetTheirOwnTilesDone()
    {
        using CpuThreadPool pool = new(2);
        int[][] ran = [.. Enumerable.Range(0, 6).Select(_ => new int[50])];
        Parallel.ForEach(ran, tiles =>
        {
            for (int round = 0; round < 200; round++)
                pool.Run(tiles.Length, new Counting { Ran = tiles, LongTile = -1 }, round % 2 == 0 ? ComputePriority.Background : ComputePriority.Interactive);
        });
        Assert.All(ran, tiles => Assert.All(tiles, t => Assert.Equal(200, t)));
    }

    [Fact]
    public void BackgroundTilesAloneAreObserved()
    {
        NotingTiles noted = new();
        using CpuThreadPool pool = new(2) { TileObserver = noted };
        pool.Run(4, new Counting { Ran = new int[4], LongTile = -1 }, ComputePriority.Interactive);
        Assert.Empty(noted.Ended);
        pool.Run(4, new Counting { Ran = new int[4], LongTile = -1 }, ComputePriority.Background);
        Assert.Equal(Enumerable.Repeat(typeof(Counting), 4), noted.Ended);
    }

    [Fact]
    public async Task BackgroundWorkWaitsWhileSomebodyIsServed()
    {
        using CpuThreadPool pool = new(2);
        int[] ran = new int[20];
        Task background;
        using (pool.EnterInteractive())
        {
            background = Task.Run(() => pool.Run(ran.Length, new Counting { Ran = ran, LongTile = -1 }, ComputePriority.Background));
            await Task.Delay(Long);
            Assert.False(background.IsCompleted);
            Assert.Equal(0, ran.Sum());
        }

        await background.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.All(ran, r => Assert.Equal(1, r));
    }

    private struct Counting : IParallelBody
    {
        public int[] Ran;
        public int LongTile;
        public TimeSpan Pause;

        public readonly void Run(int tile, int worker)
        {
            if (tile == LongTile)
                Thread.Sleep(Pause);
            Interlocked.Increment(ref Ran[tile]);
        }
    }

    private sealed class NotingTiles : ITileObserver
    {
        [ThreadStatic]
        private static bool began;

        public ConcurrentQueue<Type> Ended { get; } = [];

        public void Began() => began = true;

        void ITileObserver.Ended(Type work)
        {
            Assert.True(began);
            began = false;
            Ended.Enqueue(work);
        }
    }

    private struct NotingWorker : IParallelBody
    {
        public int[] Workers;

        public readonly void Run(int tile, int worker)
        {
            Thread.Sleep(1);
            Workers[tile] = worker + 1;
        }
    }
}
