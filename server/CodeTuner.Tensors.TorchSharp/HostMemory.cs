using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.TorchSharp;

/// <summary>Carries numbers between the process's own memory and a device, in pieces that a span can hold.</summary>
internal static class HostMemory
{
    private const int PieceBytes = 64 << 20;

    /// <summary>A new tensor on <paramref name="device"/> that holds <paramref name="values"/>, whose bytes are those of <paramref name="type"/>.</summary>
    public static TorchTensor Upload<T>(ReadOnlySpan<T> values, long[] dimensions, torch.ScalarType type, torch.Device device)
        where T : unmanaged
    {
        TorchTensor into = torch.empty(dimensions, type, device);
        using TorchTensor flat = into.view(-1);
        long perElement = into.ElementSize;
        int perPiece = (int)(PieceBytes / perElement);
        for (long first = 0; first < flat.NumberOfElements; first += perPiece)
        {
            int count = (int)Math.Min(perPiece, flat.NumberOfElements - first);
            using TorchTensor part = flat.narrow(0, first, count);
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values.Slice(At<T>(first * perElement), At<T>(count * perElement)));
            if (device.type == DeviceType.CPU)
            {
                bytes.CopyTo(part.bytes);
                continue;
            }

            using TorchTensor host = torch.empty([count], type, torch.CPU);
            bytes.CopyTo(host.bytes);
            part.copy_(host);
        }

        return into;
    }

    /// <summary>Waits for a contiguous tensor and copies its bytes.</summary>
    public static void Download<T>(TorchTensor from, Span<T> values)
        where T : unmanaged
    {
        using TorchTensor flat = from.view(-1);
        long perElement = from.ElementSize;
        int perPiece = (int)(PieceBytes / perElement);
        for (long first = 0; first < flat.NumberOfElements; first += perPiece)
        {
            int count = (int)Math.Min(perPiece, flat.NumberOfElements - first);
            using TorchTensor part = flat.narrow(0, first, count);
            using TorchTensor host = part.cpu();
            host.bytes.CopyTo(MemoryMarshal.AsBytes(values.Slice(At<T>(first * perElement), At<T>(count * perElement))));
        }
    }

    private static int At<T>(long bytes) => (int)(bytes / Unsafe.SizeOf<T>());
}
