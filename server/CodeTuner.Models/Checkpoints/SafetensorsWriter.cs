using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Models.Checkpoints;

/// <summary>Writes safetensors files whole or not at all.</summary>
public sealed class SafetensorsWriter
{
    // The order of the reference implementation's types, narrow to wide; a file holds the last of these first.
    private static readonly string[] TypeOrder = ["F16", "BF16", "I32", "F32"];

    private readonly Dictionary<string, Source> sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal) { ["format"] = "pt" };

    /// <summary>Sets a value of the header's <c>__metadata__</c>.</summary>
    public void SetMetadata(string key, string value) => metadata[key] = value;

    /// <summary>Adds a tensor whose bytes are asked for when the file is written.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">float32, bfloat16 or float16.</param>
    /// <param name="shape">The sizes of its dimensions.</param>
    /// <param name="fill">Fills a span of the tensor's size with its bytes.</param>
    /// <exception cref="ArgumentException">The format has no such type, or a tensor of this name is there already.</exception>
    public void Add(string name, DType type, Shape shape, SpanFiller fill)
    {
        string typeName = type switch
        {
            DType.Float32 => "F32",
            DType.BFloat16 => "BF16",
            DType.Float16 => "F16",
            DType.Int32 => "I32",
            _ => throw new ArgumentException($"safetensors has no {type}.", nameof(type)),
        };
        if (name == "__metadata__" || !sources.TryAdd(name, new Source(name, typeName, shape, type.Bytes(shape), fill)))
            throw new ArgumentException($"There cannot be another tensor of the name {name}.", nameof(name));
    }

    /// <summary>Adds a tensor that lives in a backend.</summary>
    public void Add(string name, Backend backend, Tensor tensor) => Add(name, tensor.Type, tensor.Shape, bytes => backend.ReadBytes(tensor, bytes));

    /// <summary>Writes the file beside its place and renames it.</summary>
    /// <exception cref="IOException">It could not be written; what was there is unchanged.</exception>
    public void Save(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the bytes of the file: the widest types first, then by name, as the reference implementation does.</summary>
    public void Write(Stream stream)
    {
        Source[] ordered = [.. sources.Values.OrderByDescending(s => Array.IndexOf(TypeOrder, s.TypeName)).ThenBy(s => s.Name, StringComparer.Ordinal)];
        byte[] header = Header(ordered);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        using NativeBuffer buffer = new();
        foreach (Source source in ordered)
        {
            Span<byte> bytes = buffer.Take<byte>(source.Bytes);
            source.Fill(bytes);
            stream.Write(bytes);
        }
    }

    private byte[] Header(Source[] ordered)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            foreach ((string key, string value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                writer.WriteString(key, value);
            writer.WriteEndObject();
            long at = 0;
            foreach (Source source in ordered)
            {
                writer.WriteStartObject(source.Name);
                writer.WriteString("dtype", source.TypeName);
                writer.WriteStartArray("shape");
                for (int i = 0; i < source.Shape.Rank; i++)
                    writer.WriteNumberValue(source.Shape[i]);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(at);
                writer.WriteNumberValue(at += source.Bytes);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        while (json.Length % 8 != 0)
            json.WriteByte((byte)' '); // so that the data is aligned
        return json.ToArray();
    }

    /// <summary>Fills a span with a tensor's bytes.</summary>
    public delegate void SpanFiller(Span<byte> bytes);

    private sealed record Source(string Name, string TypeName, Shape Shape, long Bytes, SpanFiller Fill);
}
