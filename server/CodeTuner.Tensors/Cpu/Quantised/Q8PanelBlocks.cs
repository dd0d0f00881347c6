namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>Some blocks of a panel that a micro-kernel works on.</summary>
/// <param name="WeightsAddress">The panel, from its first such block on.</param>
/// <param name="ScalesAddress">The blocks' scales as float32, sixteen each; not wanted for one row, which reads each but once.</param>
/// <param name="FirstBlock">Where in the depth the first one is.</param>
/// <param name="Blocks">How many.</param>
internal readonly unsafe record struct Q8PanelBlocks(nint WeightsAddress, nint ScalesAddress, int FirstBlock, int Blocks)
{
    public byte* Weights => (byte*)WeightsAddress;

    public float* Scales => (float*)ScalesAddress;
}
