namespace CodeTuner.Tensors.TorchSharp;

/// <summary><see cref="DropoutMask"/> worked out on a device: the same hash in int64, whose sums and products wrap as the mask's do.</summary>
internal static class DropoutFactors
{
    /// <summary>(count): 0 where an element is dropped, else 1 / (1 − probability).</summary>
    public static TorchTensor Of(DropoutMask mask, long count, torch.Device device)
    {
        TorchTensor z = torch.arange(1, count + 1, torch.ScalarType.Int64, device) // (count)
            .mul_(unchecked((long)0x9E3779B97F4A7C15)).add_(unchecked((long)mask.Seed));
        z = z.bitwise_xor(Shifted(z, 30)).mul_(unchecked((long)0xBF58476D1CE4E5B9));
        z = z.bitwise_xor(Shifted(z, 27)).mul_(unchecked((long)0x94D049BB133111EB));
        z = Shifted(z.bitwise_xor(Shifted(z, 31)), 32);
        return z.ge((long)mask.Threshold).to(torch.ScalarType.Float32).mul_(mask.Keep);
    }

    // libtorch's shift keeps the sign: the bits that it brings in are cleared.
    private static TorchTensor Shifted(TorchTensor z, int bits) =>
        z.bitwise_right_shift(torch.tensor((long)bits)).bitwise_and(torch.tensor(long.MaxValue >> (bits - 1)));
}
