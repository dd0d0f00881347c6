using CodeTuner.Models.Generation;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Datasets;

/// <summary>
/// Pieces of the training documents that use the same names as a given piece of code, as completion shows them to the model:
/// windows of half a screen, compared by the Jaccard index of their names. An inverted index finds them without looking at all.
/// </summary>
internal sealed class SimilarSnippets
{
    private const int WindowLines = 20;
    private const int LeastNames = 4;
    private const double LeastSimilarity = 0.08;

    // A name in every other window says nothing about which one is alike, and would make each search look at half of them.
    private const int LongestPosting = 2000;

    private readonly List<Window> windows = [];
    private readonly Dictionary<(Language, string), List<int>> postings = [];

    public SimilarSnippets(IEnumerable<TrainingDocument> documents)
    {
        foreach (TrainingDocument document in documents)
        {
            LineTable lines = new(document.Text);
            for (int start = 0; start < lines.Count; start += WindowLines / 2)
            {
                string text = document.Text[lines.Span(new(start, start + WindowLines)).Start..lines.Span(new(start, start + WindowLines)).End];
                HashSet<string> names = [.. Identifiers.Of(document.Language, text)];
                if (names.Count < LeastNames)
                    continue;
                foreach (string name in names)
                {
                    if (!postings.TryGetValue((document.Language, name), out List<int>? found))
                        postings[(document.Language, name)] = found = [];
                    found.Add(windows.Count);
                }

                windows.Add(new Window(document.Path, text, names.Count));
            }
        }
    }

    /// <summary>The most similar windows of other files, one a file, the best last.</summary>
    public List<ContextSnippet> Find(string path, Language language, string around, int count)
    {
        HashSet<string> names = [.. Identifiers.Of(language, around)];
        Dictionary<int, int> shared = [];
        foreach (string name in names)
        {
            if (postings.TryGetValue((language, name), out List<int>? found) && found.Count <= LongestPosting)
            {
                foreach (int window in found)
                    shared[window] = shared.GetValueOrDefault(window) + 1;
            }
        }

        return
        [
            .. shared.Where(s => windows[s.Key].Path != path)
                .Select(s => (Window: s.Key, Similarity: (double)s.Value / (names.Count + windows[s.Key].Names - s.Value)))
                .Where(s => s.Similarity >= LeastSimilarity)
                .OrderByDescending(s => s.Similarity).ThenBy(s => s.Window)
                .DistinctBy(s => windows[s.Window].Path)
                .Take(count)
                .Reverse()
                .Select(s => new ContextSnippet(windows[s.Window].Path, windows[s.Window].Text)),
        ];
    }

    private readonly record struct Window(string Path, string Text, int Names);
}
