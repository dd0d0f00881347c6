using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Serving;

/// <summary>Code of other repositories, to write lines of.</summary>
internal sealed record SampleCode(string Path, string Prefix, string Line, string Suffix)
{
    private static readonly HashSet<string> Extensions = [".cs", ".ts", ".py"];

    /// <summary>Lines of a repository that say something, spread over its files; the same ones each time.</summary>
    /// <param name="folder">The repository.</param>
    /// <param name="count">How many.</param>
    public static IEnumerable<SampleCode> Lines(string folder, int count)
    {
        (string Path, string[] Lines)[] files = [.. Files(folder).Select(f => (f.Path, f.Text.Split('\n'))).Where(f => f.Item2.Length > 60)];
        for (int i = 0; i < count && files.Length > 0; i++)
        {
            (string path, string[] lines) = files[(int)((long)i * files.Length / count)];
            int at = 30 + (i * 17 % (lines.Length - 50));
            while (at < lines.Length - 1 && lines[at].Trim().Length < 8)
                at++;
            int start = lines[at].Length - lines[at].TrimStart().Length;
            yield return new SampleCode(
                path, string.Concat(lines[..at].Select(l => l + "\n")) + lines[at][..start], lines[at][start..].TrimEnd(), "\n" + string.Join('\n', lines[(at + 1)..]));
        }
    }

    /// <summary>Whole files, so many of them, spread.</summary>
    public static IEnumerable<string> Texts(string folder, int count)
    {
        (string Path, string Text)[] files = [.. Files(folder).Where(f => f.Text.Length > 3000)];
        return Enumerable.Range(0, Math.Min(count, files.Length)).Select(i => files[(int)((long)i * files.Length / Math.Min(count, files.Length))].Text);
    }

    /// <summary>The prompt for the line.</summary>
    public int[] Prompt(FimFormat format, Tokenizer tokenizer, int maxTokens) => FimPrompt.Build(format, tokenizer, Path, Prefix, Suffix, maxTokens);

    private static IEnumerable<(string Path, string Text)> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => Extensions.Contains(System.IO.Path.GetExtension(f)))
            .Select(f => (Path: System.IO.Path.GetRelativePath(folder, f).Replace('\\', '/'), File: f))
            .Where(f => !f.Path.Split('/').Any(p => p is "obj" or "bin" or "node_modules" || p.StartsWith('.')))
            .OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => (f.Path, File.ReadAllText(f.File).Replace("\r\n", "\n", StringComparison.Ordinal)));
}
