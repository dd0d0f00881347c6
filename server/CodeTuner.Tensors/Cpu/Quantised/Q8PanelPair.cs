namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>Some blocks of two panels that a micro-kernel works on together.</summary>
/// <param name="WeightsAddress">The first panel's bytes, from its first block on.</param>
/// <param name="Step">From the first panel to the second; 0 where there is only one.</param>
/// <param name="ScalesAddress">For each block the scales of the first panel's rows and of the second's.</param>
/// <param name="FirstBlock">The first block of the depth.</param>
/// <param name="Blocks">How many.</param>
internal readonly unsafe record struct Q8PanelPair(nint WeightsAddress, long Step, nint ScalesAddress, int FirstBlock, int Blocks)
{
    public byte* Weights => (byte*)WeightsAddress;

    public float* Scales => (float*)ScalesAddress;
}
