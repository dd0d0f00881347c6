using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.TorchSharp;

/// <summary>
/// Q8_0 on a device, with scales and int8 in tensors of their own: libtorch has no type for blocks of both.
/// The numbers are those of <see cref="Storage.Q8Format"/>, bit by bit.
/// </summary>
internal static class Q8Blocks
{
    /// <summary>Takes blocks apart.</summary>
    public static void Split(ReadOnlySpan<byte> blocks, Span<Half> scales, Span<sbyte> quants)
    {
        for (int i = 0; i < scales.Length; i++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(i * DTypes.Q8BlockBytes, DTypes.Q8BlockBytes);
            scales[i] = MemoryMarshal.Read<Half>(block);
            MemoryMarshal.Cast<byte, sbyte>(block[2..]).CopyTo(quants[(i * DTypes.Q8BlockSize)..]);
        }
    }

    /// <summary>Puts blocks together.</summary>
    public static void Join(ReadOnlySpan<Half> scales, ReadOnlySpan<sbyte> quants, Span<byte> blocks)
    {
        for (int i = 0; i < scales.Length; i++)
        {
            Span<byte> block = blocks.Slice(i * DTypes.Q8BlockBytes, DTypes.Q8BlockBytes);
            MemoryMarshal.Write(block, in scales[i]);
            MemoryMarshal.AsBytes(quants.Slice(i * DTypes.Q8BlockSize, DTypes.Q8BlockSize)).CopyTo(block[2..]);
        }
    }

    /// <summary>q · d: float32 (N, 32) of quants (N, 32) and scales (N, 1).</summary>
    public static TorchTensor Dequantize(TorchTensor quants, TorchTensor scales) =>
        quants.to(torch.ScalarType.Float32).mul_(scales.to(torch.ScalarType.Float32));

    /// <summary>The blocks of float32 values, whose count is a multiple of 32: quants (N, 32) and scales (N, 1).</summary>
    public static (TorchTensor Quants, TorchTensor Scales) Quantize(TorchTensor values)
    {
        TorchTensor blocks = values.reshape(-1, DTypes.Q8BlockSize);
        TorchTensor scales = blocks.abs().amax([1], keepdim: true).div_(127); // (N, 1)
        TorchTensor inverse = scales.reciprocal().masked_fill_(scales.eq(0), 0);
        TorchTensor scaled = blocks.mul(inverse);

        // Halves away from zero; torch.round would take them to the even neighbour.
        TorchTensor whole = scaled.trunc();
        TorchTensor away = scaled.sub(whole).abs_().ge(0.5).to(torch.ScalarType.Float32).mul_(scaled.sign());
        return (whole.add_(away).to(torch.ScalarType.Int8), scales.to(torch.ScalarType.Float16));
    }
}
