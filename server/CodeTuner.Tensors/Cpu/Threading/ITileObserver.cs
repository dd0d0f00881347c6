namespace CodeTuner.Tensors.Cpu.Threading;

/// <summary>Hears of each tile of background work, on the thread that runs it: a measurement of what an interactive request may have to wait for.</summary>
public interface ITileObserver
{
    /// <summary>A tile begins.</summary>
    void Began();

    /// <summary>The tile that began last on this thread has ended.</summary>
    /// <param name="work">What it is a tile of.</param>
    void Ended(Type work);
}
