using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace CodeTuner.Tensors.Cpu.Threading;

/// <summary>
/// The threads that the CPU backends share. Each operation is a job of many small tiles; its caller works on it too.
/// While somebody holds <see cref="EnterInteractive"/>, background jobs stop at the end of the tile they are in.
/// </summary>
public sealed class CpuThreadPool : IDisposable
{
    // How long a thread without work looks out for some before it sleeps: waking it takes tens of microseconds, more than many
    // an operation. Long enough to bridge the gap between two operations of one step, short enough not to burn a shared machine.
    private static readonly long SpinTicks = Stopwatch.Frequency / 5000;

    // Pauses between two looks, about a tenth of a microsecond.
    private const int Pauses = 4;

    private readonly Lock gate = new();
    private readonly object wake = new();
    private readonly Thread[] workers;
    private readonly Job?[] active = new Job?[4];
    private readonly ManualResetEventSlim backgroundMayRun = new(initialState: true);
    private int interactiveHolders;
    private int epoch;
    private int sleepers;
    private volatile bool stopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">How many threads work on a job, its caller included.</param>
    public CpuThreadPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.Length; i++)
        {
            int worker = i + 1;
            workers[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"tensors {worker}" };
            workers[i].Start();
        }
    }

    /// <summary>How many threads work on a job, its caller included.</summary>
    public int Threads { get; }

    /// <summary>Hears of background tiles; null outside of measurements.</summary>
    public ITileObserver? TileObserver { get; set; }

    /// <summary>
    /// One more than the highest number a tile is told as its worker: callers come in addition to the pool's own threads,
    /// and a background and an interactive job can have a caller each.
    /// </summary>
    internal int WorkerSlots => Threads + active.Length;

    /// <summary>Holds background jobs back until the result is disposed. Scopes nest.</summary>
    public InteractiveScope EnterInteractive()
    {
        lock (gate)
        {
            if (interactiveHolders++ == 0)
                backgroundMayRun.Reset();
        }

        return new InteractiveScope(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping = true;
        lock (wake)
            Monitor.PulseAll(wake);
        foreach (Thread worker in workers)
            worker.Join();
        backgroundMayRun.Dispose();
    }

    internal void LeaveInteractive()
    {
        lock (gate)
        {
            if (--interactiveHolders > 0)
                return;
            backgroundMayRun.Set();
        }

        Wake(); // A background job may have been waiting for its helpers.
    }

    /// <summary>Runs all tiles and returns when the last has ended.</summary>
    internal void Run<TBody>(int tiles, in TBody body, ComputePriority priority)
        where TBody : struct, IParallelBody
    {
        if (tiles <= 0)
            return;
        Job<TBody> job = Job<TBody>.Rent();
        job.Start(body, tiles, priority);
        int slot = tiles > 1 && workers.Length > 0 ? Publish(job) : -1;
        Participate(job, Threads + Math.Max(slot, 0));
        job.WaitForOthers();
        if (slot >= 0)
            Withdraw(slot, job);
        Exception? failure = job.Failure;
        Job<TBody>.Return(job);
        if (failure is not null)
            throw new InvalidOperationException("A compute kernel failed: " + failure.Message, failure);
    }

    private int Publish(Job job)
    {
        int slot = -1;
        lock (gate)
        {
            for (int i = 0; i < active.Length; i++)
            {
                if (active[i] is null)
                {
                    slot = i;
                    active[i] = job;
                    break;
                }
            }
        }

        if (slot < 0)
            return -1; // More callers than slots: this one works alone.
        Wake();
        return slot;
    }

    private void Wake()
    {
        Interlocked.Increment(ref epoch);
        if (Volatile.Read(ref sleepers) > 0)
        {
            lock (wake)
                Monitor.PulseAll(wake);
        }
    }

    private void Withdraw(int slot, Job job)
    {
        lock (gate)
            active[slot] = null;

        // A worker may have picked the job up just before: it must have let go before the job is used again.
        SpinWait spin = default;
        while (Volatile.Read(ref job.Visitors) != 0)
            spin.SpinOnce(sleep1Threshold: -1);
    }

    private void Participate(Job job, int worker)
    {
        while (true)
        {
            if (job.Priority == ComputePriority.Background && !backgroundMayRun.IsSet)
                backgroundMayRun.Wait();
            if (!RunOne(job, worker))
                return;
        }
    }

    private bool RunOne(Job job, int worker) => job.RunOne(worker, job.Priority == ComputePriority.Background ? TileObserver : null);

    private void Work(int worker)
    {
        while (!stopping)
        {
            int seen = Volatile.Read(ref epoch);
            Job? job = Pick();
            if (job is not null)
            {
                WorkOn(job, worker);
                Interlocked.Decrement(ref job.Visitors);
                continue;
            }

            long start = Stopwatch.GetTimestamp();
            while (!stopping && Volatile.Read(ref epoch) == seen && Stopwatch.GetTimestamp() - start < SpinTicks)
                Thread.SpinWait(Pauses);
            if (Volatile.Read(ref epoch) != seen)
                continue;
            lock (wake)
            {
                Interlocked.Increment(ref sleepers);
                while (!stopping && Volatile.Read(ref epoch) == seen)
                    Monitor.Wait(wake);
                Interlocked.Decrement(ref sleepers);
            }
        }
    }

    // Leaves a background job between two tiles when a person starts waiting, so that the thread can help there.
    private void WorkOn(Job job, int worker)
    {
        bool background = job.Priority == ComputePriority.Background;
        while (!(background && !backgroundMayRun.IsSet) && RunOne(job, worker))
        {
        }
    }

    private Job? Pick()
    {
        bool backgroundAllowed = backgroundMayRun.IsSet;
        Job? best = null;
        lock (gate)
        {
            foreach (Job? job in active)
            {
                if (job is null || !job.HasTiles || (job.Priority == ComputePriority.Background && !backgroundAllowed))
                    continue;
                if (best is null || job.Priority > best.Priority)
                    best = job;
            }

            if (best is not null)
                Interlocked.Increment(ref best.Visitors);
        }

        return best;
    }

    /// <summary>Ends an interactive request's hold when disposed.</summary>
    public readonly struct InteractiveScope : IDisposable, IEquatable<InteractiveScope>
    {
        private readonly CpuThreadPool pool;

        internal InteractiveScope(CpuThreadPool pool) => this.pool = pool;

        /// <inheritdoc/>
        public void Dispose() => pool?.LeaveInteractive();

        /// <inheritdoc/>
        public bool Equals(InteractiveScope other) => ReferenceEquals(pool, other.pool);

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is InteractiveScope other && Equals(other);

        /// <inheritdoc/>
        public override int GetHashCode() => RuntimeHelpers.GetHashCode(pool);
    }

    private abstract class Job
    {
        public int Visitors;
        private int next;
        private int left;
        private int callerSleeps;
        private int tiles;

        public ComputePriority Priority { get; private set; }

        public Exception? Failure { get; private set; }

        protected abstract Type Work { get; }

        public bool HasTiles => Volatile.Read(ref next) < tiles;

        public bool RunOne(int worker, ITileObserver? observer)
        {
            int tile = Interlocked.Increment(ref next) - 1;
            if (tile >= tiles)
                return false;
            try
            {
                observer?.Began();
                Do(tile, worker);
                observer?.Ended(Work);
            }
            catch (Exception e)
            {
                Failure = e;
            }

            if (Interlocked.Decrement(ref left) == 0 && Volatile.Read(ref callerSleeps) != 0)
            {
                lock (this)
                    Monitor.Pulse(this);
            }

            return true;
        }

        public void WaitForOthers()
        {
            // Beyond a short while the thread that has the last tile may be without a processor: sleeping gives it this one.
            long start = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref left) > 0)
            {
                Thread.SpinWait(Pauses);
                if (Stopwatch.GetTimestamp() - start > SpinTicks)
                    SleepUntilDone();
            }
        }

        private void SleepUntilDone()
        {
            lock (this)
            {
                Interlocked.Exchange(ref callerSleeps, 1);
                while (Volatile.Read(ref left) > 0)
                    Monitor.Wait(this);
                Volatile.Write(ref callerSleeps, 0);
            }
        }

        protected void Reset(int count, ComputePriority priority)
        {
            (tiles, Priority, Failure) = (count, priority, null);
            Volatile.Write(ref left, count);
            Volatile.Write(ref next, 0);
        }

        protected abstract void Do(int tile, int worker);
    }

    private sealed class Job<TBody> : Job
        where TBody : struct, IParallelBody
    {
        [ThreadStatic]
        private static Job<TBody>? spare;

        private TBody body;

        protected override Type Work => typeof(TBody);

        public static Job<TBody> Rent()
        {
            Job<TBody>? job = spare;
            spare = null;
            return job ?? new Job<TBody>();
        }

        public static void Return(Job<TBody> job) => spare = job;

        public void Start(in TBody work, int count, ComputePriority priority)
        {
            body = work;
            Reset(count, priority);
        }

        protected override void Do(int tile, int worker) => body.Run(tile, worker);
    }
}
