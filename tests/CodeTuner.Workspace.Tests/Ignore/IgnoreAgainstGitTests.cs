using System.Text;
using CodeTuner.Tests;
using CodeTuner.Workspace.Ignore;

namespace CodeTuner.Workspace.Tests.Ignore;

public class IgnoreAgainstGitTests
{
    private static readonly string[] Names =
        ["a", "b", "ab", "abc", "A", "B1", "foo.c", "foo.o", "bar.c", "x y", "trail ", "#hash", "!bang", "[x]", "a*b", "a-b", "é", "out", "-", "]"];

    private static readonly string[] Pieces =
    [
        "a", "b", "ab", "foo", ".c", ".o", "bar", "*", "**", "?", "/", "/", "/", "**/", "/**", "/**/", "[ab]", "[!a]", "[^b]", "[a-c]", "[]x]",
        "[[:alpha:]]", "[[:digit:]]", "[[:upper:]]",
        "[[:nope:]]", "[", "[a", "]", "\\*", "\\a", "\\", " ", "\\ ", "#", "!", "é", "x", "-", "[a-",
        "[\\]]", "[[:x]", "\\/", "[x-]", "[--a]", "[\\a-\\c]", "\t",
    ];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void RandomTreesAgreeWithGit(int seed, bool ignoreCase)
    {
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        GitCheckIgnore.Init(folder.Path);
        var paths = new List<(string Path, bool IsDirectory)>();
        // Each tree is a folder of one repository, so that one git process answers for all of them.
        const int trees = 120;
        for (int t = 0; t < trees; t++) MakeTree(folder, $"t{t}", random, depth: 0, paths);
        File.AppendAllText(At(folder, ".git/info/exclude"), "out\n!/t1*/**/out\nab/*\n/t2*/b\n");

        HashSet<string> expected = GitCheckIgnore.Ignored(folder.Path, paths.Select(p => p.Path), ignoreCase);
        IgnoreScope root = IgnoreScope.ForRoot(folder.Path, ignoreCase: ignoreCase);
        var wrong = new StringBuilder();
        foreach ((string path, bool isDirectory) in paths)
        {
            bool ours = root.IsPathIgnored(path, isDirectory);
            if (ours != expected.Contains(path)) Explain(wrong, folder, path, ours);
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
        // The comparison says something only where both answers are common.
        Assert.InRange(expected.Count, paths.Count / 10, paths.Count * 9 / 10);
    }

    private static void MakeTree(TemporaryFolder folder, string directory, Random random, int depth, List<(string, bool)> paths)
    {
        Directory.CreateDirectory(At(folder, directory));
        paths.Add((directory, true));
        if (depth == 0 || random.Next(3) == 0)
        {
            var lines = new StringBuilder(random.Next(10) == 0 ? "\uFEFF" : "");
            for (int i = random.Next(1, 6); i > 0; i--) lines.Append(Pattern(random)).Append(random.Next(8) == 0 ? "\r\n" : "\n");
            if (random.Next(5) == 0) lines.Append(Pattern(random));
            folder.File($"{directory}/.gitignore", lines.ToString());
        }

        foreach (string name in Names.OrderBy(_ => random.Next()).Take(random.Next(2, 7)))
        {
            if (depth < 3 && random.Next(3) == 0)
            {
                MakeTree(folder, $"{directory}/{name}", random, depth + 1, paths);
            }
            else
            {
                folder.File($"{directory}/{name}", "");
                paths.Add(($"{directory}/{name}", false));
            }
        }
    }

    private static string At(TemporaryFolder folder, string path) => Path.Combine(folder.Path, path);

    private static string Pattern(Random random)
    {
        // Half of the patterns are near to real names, so that many of them match.
        string pattern = random.Next(2) == 0
            ? string.Join("/", Enumerable.Range(0, random.Next(1, 3)).Select(_ => Names[random.Next(Names.Length)]))
            : string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => Pieces[random.Next(Pieces.Length)]));
        if (random.Next(4) == 0) pattern = "!" + pattern;
        if (random.Next(6) == 0) pattern += "/";
        if (random.Next(8) == 0) pattern += "  ";
        return pattern;
    }

    private static void Explain(StringBuilder wrong, TemporaryFolder folder, string path, bool ours)
    {
        if (wrong.Length > 4000) return;
        wrong.AppendLine($"'{path}': ours says {(ours ? "ignored" : "not ignored")}, git the opposite.");
        for (string? d = path; !string.IsNullOrEmpty(d); d = Path.GetDirectoryName(d))
        {
            string file = At(folder, $"{d}/.gitignore");
            if (File.Exists(file)) wrong.AppendLine($"  {d}/.gitignore: {File.ReadAllText(file).Replace("\n", "⏎")}");
        }
    }
}
