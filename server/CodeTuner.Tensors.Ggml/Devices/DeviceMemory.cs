namespace CodeTuner.Tensors.Ggml;

/// <summary>A piece of a buffer on the device.</summary>
internal sealed class DeviceBlock
{
    public required DeviceBuffer Buffer { get; init; }

    public required long Offset { get; init; }

    public required long Size { get; init; }

    /// <summary>Whether recorded work reads or writes it, so that it may neither be overwritten nor handed out again.</summary>
    public bool InFlight { get; set; }

    public nint Address => Buffer.Base + (nint)Offset;
}

/// <summary>A buffer that blocks are cut from.</summary>
internal sealed class DeviceBuffer
{
    public required nint Handle { get; init; }

    public required nint Base { get; init; }

    public required long Size { get; init; }

    /// <summary>What is free, by offset; neighbours are joined.</summary>
    public SortedList<long, long> Free { get; } = [];

    public bool IsEmpty => Free.Count == 1 && Free.Values[0] == Size;
}

/// <summary>
/// Cuts tensors out of large buffers, as drivers allow a few thousand allocations and each is slow.
/// What is freed is used again; a buffer goes back to the device once another allocation needs the room.
/// </summary>
/// <param name="stream">The device.</param>
/// <param name="limit">The most bytes to hold; 0 where the device does not tell its size.</param>
/// <param name="bufferSize">The size of a buffer; a larger tensor gets one of its own.</param>
internal sealed class DeviceMemory(GgmlStream stream, long limit, long bufferSize) : IDisposable
{
    private readonly List<DeviceBuffer> buffers = [];

    /// <summary>Bytes held on the device.</summary>
    public long HeldBytes => buffers.Sum(buffer => buffer.Size);

    /// <summary>A block of at least <paramref name="bytes"/>.</summary>
    /// <exception cref="DeviceMemoryException">The device has no room, or no buffer may be so large.</exception>
    public DeviceBlock Allocate(long bytes)
    {
        long size = Math.Max(1, (bytes + stream.Alignment - 1) / stream.Alignment) * stream.Alignment;
        if (size > stream.LargestBuffer)
            throw new DeviceMemoryException($"A tensor of {Megabytes(size)} is larger than {stream.Device} can hold in one piece ({Megabytes(stream.LargestBuffer)}).");
        foreach (DeviceBuffer buffer in buffers)
        {
            if (Cut(buffer, size) is { } found)
                return found;
        }

        DeviceBuffer? fresh = size < bufferSize ? Open(Math.Min(bufferSize, stream.LargestBuffer)) : null;
        if ((fresh ?? Open(size)) is { } opened)
            return Cut(opened, size)!;
        ReleaseEmpty();
        return Open(size) is { } retried ? Cut(retried, size)! : throw new DeviceMemoryException(
            $"{stream.Device} has no room for {Megabytes(size)} more; {Megabytes(HeldBytes)} are in use here and {Megabytes(stream.Device.Memory.Free)} are free. "
            + (limit > 0 ? $"At most {Megabytes(limit)} may be taken. " : "") + "Another program may hold the rest. A smaller batch, a shorter context, or a base in Q8_0 or Q4_0 takes less.");
    }

    /// <summary>Gives a block back.</summary>
    public void Free(DeviceBlock block)
    {
        SortedList<long, long> free = block.Buffer.Free;
        (long offset, long size) = (block.Offset, block.Size);
        free.Add(offset, size);
        int at = free.IndexOfKey(offset);
        if (at + 1 < free.Count && offset + size == free.Keys[at + 1])
        {
            free.SetValueAtIndex(at, size += free.Values[at + 1]);
            free.RemoveAt(at + 1);
        }

        if (at > 0 && free.Keys[at - 1] + free.Values[at - 1] == offset)
        {
            free.SetValueAtIndex(at - 1, free.Values[at - 1] + size);
            free.RemoveAt(at);
        }
    }

    /// <summary>Gives buffers without any block back to the device.</summary>
    public void ReleaseEmpty()
    {
        foreach (DeviceBuffer buffer in buffers.Where(b => b.IsEmpty).ToArray())
        {
            stream.FreeBuffer(buffer.Handle, buffer.Size);
            buffers.Remove(buffer);
        }
    }

    public void Dispose()
    {
        foreach (DeviceBuffer buffer in buffers)
            stream.FreeBuffer(buffer.Handle, buffer.Size);
        buffers.Clear();
    }

    public static string Megabytes(long bytes) => $"{Math.Ceiling(bytes / 1e6):N0} MB";

    private DeviceBuffer? Open(long size)
    {
        if (limit > 0 && HeldBytes + size > limit)
            return null;
        nint handle = stream.AllocateBuffer(size);
        if (handle == 0)
            return null;
        DeviceBuffer buffer = new() { Handle = handle, Base = Native.Ggml.BackendBufferGetBase(handle), Size = size };
        buffer.Free.Add(0, size);
        buffers.Add(buffer);
        return buffer;
    }

    private static DeviceBlock? Cut(DeviceBuffer buffer, long size)
    {
        SortedList<long, long> free = buffer.Free;
        for (int i = 0; i < free.Count; i++)
        {
            (long offset, long room) = (free.Keys[i], free.Values[i]);
            if (room < size)
                continue;
            free.RemoveAt(i);
            if (room > size)
                free.Add(offset + size, room - size);
            return new DeviceBlock { Buffer = buffer, Offset = offset, Size = size };
        }

        return null;
    }
}
