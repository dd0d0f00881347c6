using System.Text.Json;

namespace CodeTuner.Workspace.Scanning;

/// <summary>Reads what <see cref="ManifestWriter"/> wrote.</summary>
public static class ManifestReader
{
    private static readonly Dictionary<string, LeftOutReason> Reasons = Enum.GetValues<LeftOutReason>().ToDictionary(LeftOutReasons.Word, StringComparer.Ordinal);

    /// <summary>All entries of a manifest.</summary>
    /// <exception cref="WorkspaceException">The file is damaged; the message names it and the line.</exception>
    public static IReadOnlyList<ManifestEntry> Read(string path)
    {
        List<ManifestEntry> entries = [];
        foreach (string line in File.ReadLines(path))
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement entry = document.RootElement;
                LeftOutReason? reason = entry.GetProperty("kept").GetBoolean() ? null : Reasons[entry.GetProperty("reason").GetString()!];
                string? detail = entry.TryGetProperty("detail", out JsonElement text) ? text.GetString() : null;
                entries.Add(new ManifestEntry(entry.GetProperty("path").GetString()!, entry.GetProperty("bytes").GetInt64(), reason, detail));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentNullException)
            {
                throw new WorkspaceException($"{path}, line {entries.Count + 1}: this is no entry of a manifest. Tune again to have it written anew.", e);
            }
        }

        return entries;
    }
}
