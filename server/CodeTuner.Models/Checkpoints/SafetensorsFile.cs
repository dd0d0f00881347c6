using System.IO.MemoryMappedFiles;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Models.Checkpoints;

/// <summary>A safetensors file, read by memory map: opening costs the header alone.</summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    private readonly SafetensorsHeader header;
    private readonly MemoryMappedFile? map;
    private readonly MemoryMappedViewAccessor? view;
    private byte* start;
    private bool disposed;

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="ModelFormatException">It is missing, cut off or not safetensors.</exception>
    public SafetensorsFile(string path)
    {
        Path = path;
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            header = SafetensorsHeader.Read(path, stream);
            if (stream.Length == header.DataStart)
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

    /// <summary>The tensors, by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => header.Entries;

    /// <summary>What the header's <c>__metadata__</c> says.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>A tensor's bytes in the map; valid until the file is disposed.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor, or it has more than 2 GiB.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed, and its map with it.</exception>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        SafetensorsEntry entry = Entry(name);
        if (entry.End - entry.Begin > int.MaxValue)
            throw new ModelFormatException($"{Path}: the tensor {name} has more than 2 GiB, which is not supported.");
        return entry.End == entry.Begin ? [] : new ReadOnlySpan<byte>(start + header.DataStart + entry.Begin, (int)(entry.End - entry.Begin));
    }

    /// <summary>A tensor's values as float32.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor, or it holds no floats.</exception>
    public float[] Floats(string name)
    {
        SafetensorsEntry entry = Entry(name);
        DType type = entry.Type ?? throw new ModelFormatException($"{Path}: the tensor {name} is of type {entry.TypeName}; float32, bfloat16 or float16 is needed.");
        float[] values = new float[entry.Count];
        StorageFormats.Decode(Bytes(name), values, type);
        return values;
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

    private SafetensorsEntry Entry(string name) => Entries.TryGetValue(name, out SafetensorsEntry? entry)
        ? entry
        : throw new ModelFormatException($"{Path} holds no tensor {name}. It is not the model that its config.json describes; export it again.");
}
