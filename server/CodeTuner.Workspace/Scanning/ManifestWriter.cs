using System.Text.Encodings.Web;
using System.Text.Json;

namespace CodeTuner.Workspace.Scanning;

/// <summary>Writes a manifest as JSON lines: <c>{"path","bytes","kept"[,"reason"][,"detail"]}</c>, in UTF-8.</summary>
public static class ManifestWriter
{
    // Paths in any script stay readable; nothing here goes into HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes all entries.</summary>
    public static void Write(Stream stream, IEnumerable<ManifestEntry> entries)
    {
        using Utf8JsonWriter writer = new(stream, Options);
        foreach (ManifestEntry entry in entries)
        {
            writer.WriteStartObject();
            writer.WriteString("path", entry.Path);
            writer.WriteNumber("bytes", entry.Bytes);
            writer.WriteBoolean("kept", entry.LeftOut is null);
            if (entry.LeftOut is { } reason) writer.WriteString("reason", reason.Word());
            if (entry.Detail is not null) writer.WriteString("detail", entry.Detail);
            writer.WriteEndObject();
            writer.Flush();
            stream.WriteByte((byte)'\n');
            writer.Reset();
        }
    }
}
