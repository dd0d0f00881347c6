using System.Text.Json;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.Cli.Output;

/// <summary>Reads a run's manifest back for its summary.</summary>
internal static class ManifestSummary
{
    public static void Write(string manifest)
    {
        Dictionary<Language, int> languages = [];
        Dictionary<LeftOutReason, int> leftOut = [];
        Dictionary<string, LeftOutReason> byWord = Enum.GetValues<LeftOutReason>().ToDictionary(r => r.Word(), StringComparer.Ordinal);
        foreach (string line in File.ReadLines(manifest))
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            if (entry.RootElement.GetProperty("kept").GetBoolean())
            {
                Language language = LanguageTable.Of(entry.RootElement.GetProperty("path").GetString()!);
                languages[language] = languages.GetValueOrDefault(language) + 1;
            }
            else
            {
                LeftOutReason reason = byWord[entry.RootElement.GetProperty("reason").GetString()!];
                leftOut[reason] = leftOut.GetValueOrDefault(reason) + 1;
            }
        }

        ScanSummary.Write(languages.Values.Sum(), [.. languages.OrderByDescending(p => p.Value).Select(p => (p.Key, p.Value))], leftOut);
    }
}
