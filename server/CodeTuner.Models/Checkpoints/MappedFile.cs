using System.IO.MemoryMappedFiles;

namespace CodeTuner.Models.Checkpoints;

/// <summary>A file of tensors behind a head, read by memory map: opening costs the head alone.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? map;
    private readonly MemoryMappedViewAccessor? view;
    private readonly long dataStart;
    private byte* start;
    private bool disposed;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="readHead">Reads and checks the head; gives where the data begins.</param>
    /// <exception cref="ModelFormatException">It is missing or cannot be read, or <paramref name="readHead"/> says so.</exception>
    public MappedFile(string path, Func<FileStream, long> readHead)
    {
        Path = path;
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);
            dataStart = readHead(stream);
            if (stream.Length <= dataStart)
                return;
            map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException($"{path} is missing. Download or export the model again.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ModelFormatException($"{path} cannot be read: permission was denied. Give yourself the right to read it.", e);
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>A tensor's bytes in the map; valid until the file is disposed.</summary>
    /// <param name="name">The tensor, for messages.</param>
    /// <param name="offset">Where it begins, from the data's start.</param>
    /// <param name="length">Its bytes.</param>
    /// <exception cref="ModelFormatException">It has more than 2 GiB.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed, and its map with it.</exception>
    public ReadOnlySpan<byte> Bytes(string name, long offset, long length)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (length > int.MaxValue)
            throw new ModelFormatException($"{Path}: the tensor {name} has more than 2 GiB, which is not supported.");
        return length == 0 ? [] : new ReadOnlySpan<byte>(start + dataStart + offset, (int)length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        disposed = true;
        if (start is not null)
            view!.SafeMemoryMappedViewHandle.ReleasePointer();
        start = null;
        view?.Dispose();
        map?.Dispose();
    }
}
