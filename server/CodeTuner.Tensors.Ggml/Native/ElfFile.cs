using System.Buffers.Binary;

namespace CodeTuner.Tensors.Ggml.Native;

/// <summary>Tells a library that was written to its end from one that was not: Linux's loader maps what is missing, and the process dies of it.</summary>
internal static class ElfFile
{
    private const int HeaderSize = 64;

    /// <summary>Whether a 64-bit ELF file reaches as far as its header says: to the end of its section table.</summary>
    public static bool IsWhole(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderSize];
        if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize || !header.StartsWith("\u007FELF"u8))
            return false;
        ulong sections = BinaryPrimitives.ReadUInt64LittleEndian(header[0x28..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(header[0x3A..]), count = BinaryPrimitives.ReadUInt16LittleEndian(header[0x3C..]);
        return (ulong)file.Length >= sections + (ulong)(size * count);
    }
}
