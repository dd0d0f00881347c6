namespace CodeTuner.Tensors.Cpu.Threading;

/// <summary>Work cut into tiles that may run in any order and side by side.</summary>
/// <remarks>
/// A struct, so that a kernel's operands travel without an allocation. No result may depend on which thread
/// runs a tile: that keeps training reproducible bit for bit.
/// </remarks>
internal interface IParallelBody
{
    /// <summary>Does tile <paramref name="tile"/>. <paramref name="worker"/> numbers the thread, for scratch memory of its own.</summary>
    void Run(int tile, int worker);
}
