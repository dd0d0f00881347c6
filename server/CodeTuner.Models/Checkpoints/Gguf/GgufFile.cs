using CodeTuner.Tensors;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Models.Checkpoints.Gguf;

/// <summary>A GGUF file, read by memory map: opening costs the head alone.</summary>
public sealed class GgufFile : IDisposable
{
    private readonly MappedFile file;
    private GgufHeader header = null!;

    /// <summary>Opens a file and checks its head.</summary>
    /// <exception cref="ModelFormatException">It is missing, cut off or not GGUF.</exception>
    public GgufFile(string path) =>
        file = new MappedFile(path, stream => (header = GgufHeader.Read(path, stream)).DataStart);

    /// <summary>Where it is.</summary>
    public string Path => file.Path;

    /// <summary>The metadata: numbers, <see cref="bool"/>, <see cref="string"/>, or an array of one of those, such as <c>uint</c> or <c>string[]</c>.</summary>
    public IReadOnlyDictionary<string, object> Metadata => header.Metadata;

    /// <summary>The tensors, by name.</summary>
    public IReadOnlyDictionary<string, GgufTensor> Tensors => header.Tensors;

    /// <summary>A value of the metadata.</summary>
    /// <exception cref="ModelFormatException">It is missing or of another type.</exception>
    public T Get<T>(string key) => Metadata.GetValueOrDefault(key) switch
    {
        T value => value,
        null => throw new ModelFormatException($"{Path} lacks {key}. Download or export the model again."),
        object other => throw new ModelFormatException($"{Path}: {key} is a {other.GetType().Name} but should be a {typeof(T).Name}. Download or export the model again."),
    };

    /// <summary>A tensor's bytes in the map; valid until the file is disposed.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor, or it has more than 2 GiB.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed, and its map with it.</exception>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        GgufTensor tensor = Tensor(name);
        return file.Bytes(name, tensor.Offset, tensor.Bytes);
    }

    /// <summary>A tensor's values as float32.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor, or it is stored in a way that cannot be read here.</exception>
    public float[] Floats(string name)
    {
        GgufTensor tensor = Tensor(name);
        if (tensor.Type.Type is not { } type || type == DType.Int32)
            throw new ModelFormatException($"{Path}: the tensor {name} is stored as {tensor.Type.Name}; F32, F16, BF16, Q8_0 or Q4_0 is needed.");
        float[] values = new float[tensor.Count];
        StorageFormats.Decode(Bytes(name), values, type);
        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private GgufTensor Tensor(string name) => Tensors.TryGetValue(name, out GgufTensor? tensor)
        ? tensor
        : throw new ModelFormatException($"{Path} holds no tensor {name}. Download or export the model again.");
}
