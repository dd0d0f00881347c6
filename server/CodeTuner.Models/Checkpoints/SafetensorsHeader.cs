using System.Buffers.Binary;
using System.Text.Json;

namespace CodeTuner.Models.Checkpoints;

/// <summary>
/// The head of a safetensors file: eight bytes of length, then JSON of every tensor's type, shape and place.
/// The layout is that of the safetensors project's README; nothing in it is trusted.
/// </summary>
internal sealed class SafetensorsHeader
{
    // The limit of the reference implementation.
    private const long LongestHeader = 100_000_000;

    private SafetensorsHeader(Dictionary<string, SafetensorsEntry> entries, Dictionary<string, string> metadata, long dataStart) =>
        (Entries, Metadata, DataStart) = (entries, metadata, dataStart);

    public Dictionary<string, SafetensorsEntry> Entries { get; }

    public Dictionary<string, string> Metadata { get; }

    public long DataStart { get; }

    public static SafetensorsHeader Read(string path, Stream stream)
    {
        long length = stream.Length;
        Span<byte> prefix = stackalloc byte[8];
        if (length < 8)
            throw Bad(path, $"it has {length} bytes, too few for a header");
        stream.ReadExactly(prefix);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > LongestHeader)
            throw Bad(path, $"its header claims {headerLength} bytes, which no file has: it is not a safetensors file");
        if ((long)headerLength > length - 8)
            throw Bad(path, $"its header claims {headerLength} bytes but only {length - 8} follow: the file was cut off");
        byte[] json = new byte[headerLength];
        stream.ReadExactly(json);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Parse(path, document.RootElement, 8 + (long)headerLength, length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw new ModelFormatException($"{path}: the header is not what safetensors prescribes ({e.Message}). Download or export the file again.", e);
        }
    }

    private static SafetensorsHeader Parse(string path, JsonElement root, long dataStart, long fileLength)
    {
        Dictionary<string, SafetensorsEntry> entries = new(StringComparer.Ordinal);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                foreach (JsonProperty pair in property.Value.EnumerateObject())
                    metadata[pair.Name] = pair.Value.GetString() ?? "";
                continue;
            }

            SafetensorsEntry entry = ParseEntry(path, property);
            if (!entries.TryAdd(entry.Name, entry))
                throw Bad(path, $"the tensor {entry.Name} is there twice");
        }

        long at = 0;
        foreach (SafetensorsEntry entry in entries.Values.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != at)
                throw Bad(path, $"the tensor {entry.Name} starts at byte {entry.Begin} of the data, not at {at}: tensors overlap or leave a gap");
            at = entry.End;
        }

        if (at != fileLength - dataStart)
            throw Bad(path, $"its tensors take {at} bytes but {fileLength - dataStart} are there: the file was cut off or something was appended");
        return new SafetensorsHeader(entries, metadata, dataStart);
    }

    private static SafetensorsEntry ParseEntry(string path, JsonProperty property)
    {
        string type = property.Value.GetProperty("dtype").GetString() ?? "";
        int bytes = SafetensorsEntry.BytesOf(type) ?? throw Bad(path, $"the tensor {property.Name} has the unknown type {type}");
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64())];
        JsonElement offsets = property.Value.GetProperty("data_offsets");
        if (offsets.GetArrayLength() != 2 || shape.Any(s => s < 0))
            throw Bad(path, $"the tensor {property.Name} has no proper shape and place");
        SafetensorsEntry entry = new(property.Name, type, shape, offsets[0].GetInt64(), offsets[1].GetInt64());
        if (entry.Begin < 0 || entry.End < entry.Begin || entry.End - entry.Begin != checked(entry.Count * bytes))
            throw Bad(path, $"the tensor {entry.Name} of {entry.Count} {type} cannot take the bytes {entry.Begin} to {entry.End}");
        return entry;
    }

    private static ModelFormatException Bad(string path, string what) => new($"{path}: {what}. Download or export the file again.");
}
