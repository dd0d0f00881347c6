using System.Text;

namespace CodeTuner.Models.Checkpoints.Gguf;

/// <summary>The head of a GGUF file: magic, version, metadata, the table of tensors. Nothing in it is trusted.</summary>
internal sealed class GgufHeader
{
    private GgufHeader(Dictionary<string, object> metadata, Dictionary<string, GgufTensor> tensors, long dataStart) =>
        (Metadata, Tensors, DataStart) = (metadata, tensors, dataStart);

    public Dictionary<string, object> Metadata { get; }

    public Dictionary<string, GgufTensor> Tensors { get; }

    public long DataStart { get; }

    public static GgufHeader Read(string path, Stream stream)
    {
        try
        {
            using BinaryReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
            if (stream.Length < 4 || reader.ReadUInt32() != GgufFormat.Magic)
                throw new FormatException("it does not begin with GGUF: it is of another format");
            uint version = reader.ReadUInt32();
            if (version is not (2 or GgufFormat.Version))
                throw new FormatException($"it is of GGUF's version {version}, but 2 and 3 can be read. A file of version 1, or from a big-endian machine, must be converted");
            ulong tensorCount = reader.ReadUInt64(), valueCount = reader.ReadUInt64();
            Dictionary<string, object> metadata = ReadMetadata(reader, valueCount);
            uint alignment = metadata.GetValueOrDefault(GgufFormat.AlignmentKey, GgufFormat.DefaultAlignment) switch
            {
                uint value and > 0 and <= 1 << 20 when value % 8 == 0 => value,
                object other => throw new FormatException($"{GgufFormat.AlignmentKey} is {other}, but must be a multiple of 8"),
            };
            Dictionary<string, GgufTensor> tensors = ReadTable(reader, tensorCount, alignment);
            long dataStart = tensors.Count == 0 ? stream.Position : GgufFormat.Align(stream.Position, alignment);
            CheckPlaces(tensors.Values, stream.Length - dataStart);
            return new GgufHeader(metadata, tensors, dataStart);
        }
        catch (FormatException e)
        {
            throw new ModelFormatException($"{path}: {e.Message}. Download or export the file again.", e);
        }
        catch (OverflowException e)
        {
            throw new ModelFormatException($"{path}: its head names a size or place that is larger than any file. Download or export the file again.", e);
        }
        catch (EndOfStreamException e)
        {
            throw new ModelFormatException($"{path}: the file was cut off within its head. Download or export the file again.", e);
        }
    }

    private static Dictionary<string, object> ReadMetadata(BinaryReader reader, ulong count)
    {
        Dictionary<string, object> metadata = new(StringComparer.Ordinal);
        for (ulong i = 0; i < count; i++)
        {
            string key = GgufValue.ReadText(reader);
            if (!metadata.TryAdd(key, GgufValue.Read(reader)))
                throw new FormatException($"the metadata has {key} twice");
        }

        return metadata;
    }

    private static Dictionary<string, GgufTensor> ReadTable(BinaryReader reader, ulong count, uint alignment)
    {
        Dictionary<string, GgufTensor> tensors = new(StringComparer.Ordinal);
        for (ulong i = 0; i < count; i++)
        {
            string name = GgufValue.ReadText(reader);
            uint rank = reader.ReadUInt32();
            if (rank is 0 or > GgufFormat.MostDimensions)
                throw new FormatException($"the tensor {name} has {rank} dimensions; 1 to {GgufFormat.MostDimensions} are possible");
            long[] shape = new long[rank];
            for (int d = shape.Length - 1; d >= 0; d--)
                shape[d] = checked((long)reader.ReadUInt64());
            uint id = reader.ReadUInt32();
            GgufTensorType type = GgufTensorType.Find(id) ?? throw new FormatException($"the tensor {name} is stored as ggml's type {id}, which is not known here");
            long offset = checked((long)reader.ReadUInt64());
            if (shape[^1] % type.BlockSize != 0)
                throw new FormatException($"the tensor {name} has rows of {shape[^1]}, which are no whole blocks of {type.Name}");
            GgufTensor tensor = new(name, type, shape, offset, 0);
            tensor = tensor with { Bytes = checked(tensor.Count / type.BlockSize * type.BlockBytes) };
            if (offset % alignment != 0)
                throw new FormatException($"the tensor {name} starts at byte {offset} of the data, which is not a multiple of {alignment}");
            if (!tensors.TryAdd(name, tensor))
                throw new FormatException($"the tensor {name} is there twice");
        }

        return tensors;
    }

    private static void CheckPlaces(IEnumerable<GgufTensor> tensors, long room)
    {
        long end = 0;
        foreach (GgufTensor tensor in tensors.OrderBy(t => t.Offset).ThenBy(t => t.Bytes))
        {
            if (tensor.Offset < end)
                throw new FormatException($"the tensor {tensor.Name} overlaps the one before it");
            end = checked(tensor.Offset + tensor.Bytes);
        }

        if (end > room)
            throw new FormatException($"its tensors take {end} bytes but {Math.Max(room, 0)} are there: the file was cut off");
    }
}
