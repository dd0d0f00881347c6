namespace CodeTuner.Tensors.Tests;

/// <summary>The reference cases: tests/Golden, or the folder that CODETUNER_GOLDEN names.</summary>
internal static class GoldenFolder
{
    public static byte[] Bytes(params string[] path) => File.ReadAllBytes(Path.Combine([Root(), .. path]));

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("CODETUNER_GOLDEN") is { Length: > 0 } other)
            return other;
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CodeTuner.sln")))
            folder = folder.Parent;
        return folder is null
            ? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds CodeTuner.sln.")
            : Path.Combine(folder.FullName, "tests", "Golden");
    }
}
