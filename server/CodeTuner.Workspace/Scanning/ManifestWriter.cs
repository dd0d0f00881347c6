using System.Text.Json;

namespace CodeTuner.Workspace.Scanning;

/// <summary>Writes a manifest as JSON lines: <c>{"path","bytes","kept"[,"reason"][,"detail"]}</c>.</summary>
public static class ManifestWriter
{
    /// <summary>Writes all entries.</summary>
    public static void Write(Stream stream, IEnumerable<ManifestEntry> entries)
    {
        foreach (ManifestEntry entry in entries)
        {
            using (Utf8JsonWriter writer = new(stream))
            {
                writer.WriteStartObject();
                writer.WriteString("path", entry.Path);
                writer.WriteNumber("bytes", entry.Bytes);
                writer.WriteBoolean("kept", entry.LeftOut is null);
                if (entry.LeftOut is { } reason)
                    writer.WriteString("reason", reason.Word());
                if (entry.Detail is not null)
                    writer.WriteString("detail", entry.Detail);
                writer.WriteEndObject();
            }

            stream.WriteByte((byte)'\n');
        }
    }
}
