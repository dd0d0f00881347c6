namespace CodeTuner.Serving;

/// <summary>What is written in: this repository's own server.</summary>
internal static class SampleWorkspace
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The server's source files, by their path from the root.</summary>
    public static IReadOnlyList<(string Path, string Text)> Files { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "server"), "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(f => !f.Split('/').Any(p => p is "obj" or "bin"))
            .Order(StringComparer.Ordinal).Select(f => (f, File.ReadAllText(Path.Combine(Root, f))))];

    /// <summary>Places spread over the files, the same ones each time: somebody writes the lines of a gap anew, one after another.</summary>
    /// <param name="count">How many.</param>
    /// <param name="lines">The lines of the gap.</param>
    public static IEnumerable<Place> Places(int count, int lines)
    {
        // Enough text before and after that a prompt is full.
        List<(string Path, string[] Lines)> long_ = [.. Files.Select(f => (f.Path, f.Text.Split('\n'))).Where(f => f.Item2.Length > 90 + lines)];
        for (int i = 0; i < count; i++)
        {
            (string path, string[] all) = long_[i % long_.Count];
            int first = 50 + ((i / long_.Count * 17) % Math.Max(1, all.Length - 90 - lines));
            yield return new Place(path, all[..first], all[first..(first + lines)], all[(first + lines)..]);
        }
    }

    /// <summary>A copy of the files in a folder, which a server may tune on.</summary>
    public static void CopyTo(string folder)
    {
        foreach ((string path, string text) in Files)
        {
            string target = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, text);
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CodeTuner.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Run this from a checkout of the repository.");
    }
}

/// <summary>A gap in a file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Before">The lines before the gap.</param>
/// <param name="Gap">The lines in it, to be written.</param>
/// <param name="After">The lines after it.</param>
internal sealed record Place(string Path, string[] Before, string[] Gap, string[] After)
{
    /// <summary>The text before the cursor when some lines of the gap are written and the next one's indentation.</summary>
    public string Prefix(int written) => string.Concat(Before.Concat(Gap[..written]).Select(l => l + "\n")) + Indentation(Gap[written]);

    /// <summary>The text after the cursor.</summary>
    public string Suffix => "\n" + string.Join('\n', After);

    private static string Indentation(string line) => line[..^line.TrimStart().Length];
}
