using System.Text;
using CodeTuner.Tensors;

namespace CodeTuner.Models.Checkpoints.Gguf;

/// <summary>Writes GGUF files, version 3, whole or not at all. Tensors are asked for a row at a time, so that a large model needs little memory.</summary>
public sealed class GgufWriter
{
    private const int ChunkBytes = 1 << 20;

    private readonly List<(string Key, object Value)> metadata = [(GgufFormat.AlignmentKey, GgufFormat.DefaultAlignment)];
    private readonly List<Source> sources = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>Fills a span with the bytes of a row.</summary>
    public delegate void RowFiller(long row, Span<byte> bytes);

    /// <summary>Adds a value to the metadata: a number, bool, string, or an array of one of those.</summary>
    /// <exception cref="ArgumentException">The format cannot hold it, or the key is there already.</exception>
    public void Set(string key, object value)
    {
        if (!GgufValue.Supports(value))
            throw new ArgumentException($"GGUF has no type for {value.GetType()}, the value of {key}.", nameof(value));
        if (metadata.Exists(m => m.Key == key))
            throw new ArgumentException($"{key} is set already.", nameof(key));
        metadata.Add((key, value));
    }

    /// <summary>Adds a tensor whose rows are asked for, in order, when the file is written.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">How it is stored.</param>
    /// <param name="shape">The sizes of its dimensions, the row's length last.</param>
    /// <param name="fill">Fills a row.</param>
    /// <exception cref="ArgumentException">ggml has no such tensor, or there is one of this name already.</exception>
    public void Add(string name, DType type, Shape shape, RowFiller fill)
    {
        if (shape.Rank is 0 or > GgufFormat.MostDimensions || shape.Count == 0 || Encoding.UTF8.GetByteCount(name) > GgufFormat.LongestName)
            throw new ArgumentException($"ggml has no tensor of the name {name} and the shape {shape}.", nameof(shape));
        if (!names.Add(name))
            throw new ArgumentException($"There is a tensor {name} already.", nameof(name));
        sources.Add(new Source(name, GgufTensorType.Of(type), shape, type.RowBytes(shape.Columns), shape.Count / shape.Columns, fill));
    }

    /// <summary>Writes the file beside its place and renames it.</summary>
    /// <exception cref="IOException">It could not be written; what was there is unchanged.</exception>
    public void Save(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the bytes of the file.</summary>
    public void Write(Stream stream)
    {
        byte[] head = Head();
        stream.Write(head);
        Pad(stream, head.Length);
        foreach (Source source in sources)
        {
            byte[] chunk = new byte[Math.Min(source.Rows, Math.Max(1, ChunkBytes / source.RowBytes)) * source.RowBytes];
            int filled = 0;
            for (long row = 0; row < source.Rows; row++)
            {
                source.Fill(row, chunk.AsSpan(filled, (int)source.RowBytes));
                filled += (int)source.RowBytes;
                if (filled < chunk.Length && row < source.Rows - 1)
                    continue;
                stream.Write(chunk, 0, filled);
                filled = 0;
            }

            Pad(stream, source.Bytes);
        }
    }

    private static void Pad(Stream stream, long written)
    {
        for (long at = written; at < GgufFormat.Align(written, GgufFormat.DefaultAlignment); at++)
            stream.WriteByte(0);
    }

    private byte[] Head()
    {
        using MemoryStream head = new();
        using BinaryWriter writer = new(head);
        writer.Write(GgufFormat.Magic);
        writer.Write(GgufFormat.Version);
        writer.Write((ulong)sources.Count);
        writer.Write((ulong)metadata.Count);
        foreach ((string key, object value) in metadata)
        {
            GgufValue.WriteText(writer, key);
            GgufValue.Write(writer, value);
        }

        long offset = 0;
        foreach (Source source in sources)
        {
            GgufValue.WriteText(writer, source.Name);
            writer.Write((uint)source.Shape.Rank);
            for (int d = source.Shape.Rank - 1; d >= 0; d--)
                writer.Write((ulong)source.Shape[d]);
            writer.Write(source.Type.Id);
            writer.Write((ulong)offset);
            offset = GgufFormat.Align(offset + source.Bytes, GgufFormat.DefaultAlignment);
        }

        writer.Flush();
        return head.ToArray();
    }

    private sealed record Source(string Name, GgufTensorType Type, Shape Shape, long RowBytes, long Rows, RowFiller Fill)
    {
        public long Bytes => RowBytes * Rows;
    }
}
