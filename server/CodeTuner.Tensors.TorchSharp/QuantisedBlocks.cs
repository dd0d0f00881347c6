using System.Runtime.InteropServices;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.TorchSharp;

/// <summary>
/// Q8_0 and Q4_0 on a device, with scales and int8 in tensors of their own: libtorch has no type for blocks of both, nor for half
/// bytes, so that Q4_0 takes the memory of Q8_0 here. The numbers are those of <see cref="StorageFormats"/>, bit by bit.
/// </summary>
internal static class QuantisedBlocks
{
    /// <summary>Takes blocks apart.</summary>
    public static void Split(DType type, ReadOnlySpan<byte> blocks, Span<Half> scales, Span<sbyte> quants)
    {
        for (int i = 0; i < scales.Length; i++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(i * type.BlockBytes(), type.BlockBytes());
            Span<sbyte> to = quants.Slice(i * type.BlockSize(), type.BlockSize());
            scales[i] = MemoryMarshal.Read<Half>(block);
            block = block[2..];
            if (type == DType.Q8_0)
            {
                MemoryMarshal.Cast<byte, sbyte>(block).CopyTo(to);
                continue;
            }

            for (int j = 0; j < block.Length; j++)
            {
                to[j] = (sbyte)((block[j] & 15) - Q4Format.Offset);
                to[block.Length + j] = (sbyte)((block[j] >> 4) - Q4Format.Offset);
            }
        }
    }

    /// <summary>Puts blocks together.</summary>
    public static void Join(DType type, ReadOnlySpan<Half> scales, ReadOnlySpan<sbyte> quants, Span<byte> blocks)
    {
        for (int i = 0; i < scales.Length; i++)
        {
            Span<byte> block = blocks.Slice(i * type.BlockBytes(), type.BlockBytes());
            ReadOnlySpan<sbyte> from = quants.Slice(i * type.BlockSize(), type.BlockSize());
            MemoryMarshal.Write(block, in scales[i]);
            block = block[2..];
            if (type == DType.Q8_0)
            {
                MemoryMarshal.AsBytes(from).CopyTo(block);
                continue;
            }

            for (int j = 0; j < block.Length; j++)
                block[j] = (byte)((from[j] + Q4Format.Offset) | ((from[block.Length + j] + Q4Format.Offset) << 4));
        }
    }

    /// <summary>q · d: float32 (N, 32) of quants (N, 32) and scales (N, 1).</summary>
    public static TorchTensor Dequantize(TorchTensor quants, TorchTensor scales) =>
        quants.to(torch.ScalarType.Float32).mul_(scales.to(torch.ScalarType.Float32));

    /// <summary>The blocks of float32 values, whose count is a multiple of 32: quants (N, 32) and scales (N, 1).</summary>
    public static (TorchTensor Quants, TorchTensor Scales) Quantize(DType type, TorchTensor values)
    {
        TorchTensor blocks = values.reshape(-1, type.BlockSize());
        TorchTensor scales = type == DType.Q8_0
            ? blocks.abs().amax([1], keepdim: true).div_(127)
            : blocks.gather(1, blocks.abs().argmax(1, keepdim: true)).div_(-Q4Format.Offset); // (N, 1)
        TorchTensor inverse = scales.reciprocal().masked_fill_(scales.eq(0), 0);
        TorchTensor scaled = blocks.mul(inverse);
        return (type == DType.Q8_0 ? AwayFromZero(scaled) : HalfBytes(scaled), scales.to(torch.ScalarType.Float16));
    }

    // Halves away from zero; torch.round would take them to the even neighbour.
    private static TorchTensor AwayFromZero(TorchTensor scaled)
    {
        TorchTensor whole = scaled.trunc();
        TorchTensor away = scaled.sub(whole).abs_().ge(0.5).to(torch.ScalarType.Float32).mul_(scaled.sign());
        return whole.add_(away).to(torch.ScalarType.Int8);
    }

    private static TorchTensor HalfBytes(TorchTensor scaled) =>
        scaled.add(Q4Format.Offset + 0.5f).trunc_().clamp_max_(15).sub_(Q4Format.Offset).to(torch.ScalarType.Int8);
}
