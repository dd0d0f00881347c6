using CodeTuner.Models.Generation;
using CodeTuner.Workspace;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Context;

/// <summary>Finds pieces of the workspace's files that use the same names as the code around the cursor.</summary>
public sealed class SnippetIndex
{
    private const int WindowLines = 20;
    private const double LeastSimilarity = 0.08;

    private readonly List<Window> windows = [];

    /// <summary>Cuts the documents into windows of a screen's half.</summary>
    public SnippetIndex(IEnumerable<SourceDocument> documents)
    {
        foreach (SourceDocument document in documents)
        {
            string[] lines = document.Text.Split('\n');
            for (int start = 0; start < lines.Length; start += WindowLines / 2)
            {
                string text = string.Join('\n', lines.Skip(start).Take(WindowLines));
                HashSet<string> names = [.. Identifiers.Of(document.Language, text)];
                if (names.Count > 3)
                    windows.Add(new Window(document.Path, document.Language, text, names));
            }
        }
    }

    /// <summary>The most similar windows of other files, the best last: what stands nearest to the cursor weighs most.</summary>
    /// <param name="path">The file that is written in.</param>
    /// <param name="language">Its language.</param>
    /// <param name="around">The code around the cursor.</param>
    /// <param name="count">How many at most, each of another file.</param>
    public IReadOnlyList<ContextSnippet> Find(string path, Language language, string around, int count = 2)
    {
        HashSet<string> names = [.. Identifiers.Of(language, around)];
        if (names.Count == 0)
            return [];
        return
        [
            .. windows.Where(w => w.Language == language && w.Path != path)
                .Select(w => (Window: w, Similarity: Jaccard(names, w.Names)))
                .Where(w => w.Similarity >= LeastSimilarity)
                .OrderByDescending(w => w.Similarity).ThenBy(w => w.Window.Path, StringComparer.Ordinal)
                .DistinctBy(w => w.Window.Path)
                .Take(count)
                .Reverse()
                .Select(w => new ContextSnippet(w.Window.Path, w.Window.Text)),
        ];
    }

    private static double Jaccard(HashSet<string> a, HashSet<string> b)
    {
        int both = a.Count < b.Count ? a.Count(b.Contains) : b.Count(a.Contains);
        return (double)both / (a.Count + b.Count - both);
    }

    private sealed record Window(string Path, Language Language, string Text, HashSet<string> Names);
}
