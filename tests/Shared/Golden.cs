using System.Text.Json;

namespace CodeTuner.Tests;

/// <summary>Where the reference cases lie: <c>tests/Golden</c>, or the folder that CODETUNER_GOLDEN names.</summary>
internal static class Golden
{
    public static string Root { get; } = Environment.GetEnvironmentVariable("CODETUNER_GOLDEN") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Repository.Root, "tests", "Golden");

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public static JsonElement Json(params string[] parts)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(At(parts)));
        return document.RootElement.Clone();
    }

    public static float[] Floats(this JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetSingle())];

    public static int[] Ints(this JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetInt32())];
}
