using CodeTuner.Tensors;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Models.Checkpoints;

/// <summary>A safetensors file, read by memory map: opening costs the header alone.</summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly MappedFile file;
    private SafetensorsHeader header = null!;

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="ModelFormatException">It is missing, cut off or not safetensors.</exception>
    public SafetensorsFile(string path) =>
        file = new MappedFile(path, stream => (header = SafetensorsHeader.Read(path, stream)).DataStart);

    /// <summary>Where it is.</summary>
    public string Path => file.Path;

    /// <summary>The tensors, by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => header.Entries;

    /// <summary>What the header's <c>__metadata__</c> says.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>A tensor's bytes in the map; valid until the file is disposed.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor, or it has more than 2 GiB.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed, and its map with it.</exception>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        SafetensorsEntry entry = Entry(name);
        return file.Bytes(name, entry.Begin, entry.End - entry.Begin);
    }

    /// <summary>A tensor's values as float32.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor, or it holds no floats.</exception>
    public float[] Floats(string name)
    {
        float[] values = new float[Entry(name).Count];
        Read(name, values);
        return values;
    }

    /// <summary>Reads a tensor's values as float32.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="into">As many floats as it has elements.</param>
    /// <exception cref="ModelFormatException">There is no such tensor, or it holds no floats.</exception>
    public void Read(string name, Span<float> into)
    {
        SafetensorsEntry entry = Entry(name);
        DType type = entry.Type ?? throw new ModelFormatException($"{Path}: the tensor {name} is of type {entry.TypeName}; float32, bfloat16 or float16 is needed.");
        StorageFormats.Decode(Bytes(name), into, type);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private SafetensorsEntry Entry(string name) => Entries.TryGetValue(name, out SafetensorsEntry? entry)
        ? entry
        : throw new ModelFormatException($"{Path} holds no tensor {name}. It is not the model that its config.json describes; export it again.");
}
