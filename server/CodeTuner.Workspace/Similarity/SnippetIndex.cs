using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Workspace.Similarity;

/// <summary>A piece of a file that is like some other code.</summary>
/// <param name="Path">The file's path from the workspace's root.</param>
/// <param name="Text">The piece: whole lines.</param>
/// <param name="Similarity">The Jaccard index of the names, times the file's weight.</param>
public sealed record SimilarSnippet(string Path, string Text, double Similarity);

/// <summary>
/// Finds pieces of documents that use the same names as a given piece of code: windows of half a screen, compared by the Jaccard
/// index of their identifiers. An inverted index finds them without looking at all. Documents come and go one by one, and the
/// answer depends only on those that are there, not on the order in which they came. Safe to use from several threads.
/// </summary>
public sealed class SnippetIndex
{
    private const double LeastSimilarity = 0.08;

    // A name in every other window says nothing about which one is alike, and would make each search look at half of them.
    private const int LongestPosting = 2000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> documents = new(StringComparer.Ordinal);
    private readonly Dictionary<(Language Language, string Name), Posting> postings = [];
    private readonly List<Window> windows = [];
    private readonly Stack<int> free = [];
    private int[] shared = [];

    /// <summary>How many windows there are.</summary>
    public int WindowCount
    {
        get
        {
            lock (gate)
                return windows.Count - free.Count;
        }
    }

    /// <summary>Adds a document, or replaces what was known of it.</summary>
    /// <param name="path">The path from the workspace's root.</param>
    /// <param name="language">Its language; only code in the same language is compared.</param>
    /// <param name="text">The whole text.</param>
    public void Set(string path, Language language, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<CodeWindow> cut = CodeWindows.Of(language, text); // the slow part, outside the lock
        lock (gate)
        {
            Drop(path);
            if (cut.Count == 0)
                return;
            Entry entry = new(path, text, new int[cut.Count]);
            documents.Add(path, entry);
            for (int i = 0; i < cut.Count; i++)
                entry.Windows[i] = Add(entry, language, cut[i]);
        }
    }

    /// <summary>Forgets a document; nothing happens where it is not known.</summary>
    public void Remove(string path)
    {
        lock (gate)
            Drop(path);
    }

    /// <summary>The most similar windows of other files, one a file, the best last: what stands nearest to the cursor weighs most.</summary>
    /// <param name="path">The file that is written in.</param>
    /// <param name="language">Its language.</param>
    /// <param name="around">The code to compare with.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="weights">Factors for some files' similarity, by path; 1 for the others.</param>
    public List<SimilarSnippet> Find(
        string path, Language language, string around, int count, IReadOnlyDictionary<string, double>? weights = null)
    {
        HashSet<string> names = new(Identifiers.Of(language, around), StringComparer.Ordinal);
        if (names.Count == 0 || count < 1)
            return [];
        lock (gate)
        {
            List<(int Window, double Similarity)> best = [.. BestOfEachFile(path, language, names).Select(b => (b.Value.Window, Weighed(b, weights)))];
            best.Sort((a, b) => a.Similarity != b.Similarity
                ? b.Similarity.CompareTo(a.Similarity)
                : string.CompareOrdinal(windows[a.Window].Document.Path, windows[b.Window].Document.Path));
            return [.. best.Take(count).Reverse().Select(b => Snippet(windows[b.Window], b.Similarity))];
        }
    }

    private static double Weighed(KeyValuePair<Entry, (int Window, double Similarity)> best, IReadOnlyDictionary<string, double>? weights) =>
        best.Value.Similarity * (weights is not null && weights.TryGetValue(best.Key.Path, out double weight) ? weight : 1);

    private static SimilarSnippet Snippet(Window window, double similarity) =>
        new(window.Document.Path, window.Document.Text[window.Span.Start..window.Span.End], similarity);

    private Dictionary<Entry, (int Window, double Similarity)> BestOfEachFile(string path, Language language, HashSet<string> names)
    {
        if (shared.Length < windows.Count)
            shared = new int[windows.Capacity];
        List<int> touched = [];
        foreach (string name in names)
        {
            if (!postings.TryGetValue((language, name), out Posting? posting) || posting.Windows.Count > LongestPosting)
                continue;
            foreach (int window in posting.Windows)
            {
                if (shared[window]++ == 0)
                    touched.Add(window);
            }
        }

        Dictionary<Entry, (int Window, double Similarity)> best = [];
        foreach (int i in touched)
        {
            Window window = windows[i];
            double similarity = (double)shared[i] / (names.Count + window.Names.Length - shared[i]);
            shared[i] = 0;
            if (similarity < LeastSimilarity || window.Document.Path == path)
                continue;
            if (!best.TryGetValue(window.Document, out var other) || similarity > other.Similarity ||
                (similarity == other.Similarity && window.Span.Start < windows[other.Window].Span.Start))
                best[window.Document] = (i, similarity);
        }

        return best;
    }

    private int Add(Entry document, Language language, CodeWindow cut)
    {
        if (!free.TryPop(out int slot))
        {
            slot = windows.Count;
            windows.Add(default);
        }

        Posting[] names = new Posting[cut.Names.Count];
        int at = 0;
        foreach (string name in cut.Names)
        {
            if (!postings.TryGetValue((language, name), out Posting? posting))
                postings.Add((language, name), posting = new Posting((language, name)));
            posting.Windows.Add(slot);
            names[at++] = posting;
        }

        windows[slot] = new Window(document, cut.Span, names);
        return slot;
    }

    private void Drop(string path)
    {
        if (!documents.Remove(path, out Entry? entry))
            return;
        foreach (int slot in entry.Windows)
        {
            foreach (Posting posting in windows[slot].Names)
            {
                posting.Remove(slot);
                if (posting.Windows.Count == 0)
                    postings.Remove(posting.Key);
            }

            windows[slot] = default;
            free.Push(slot);
        }
    }

    private readonly record struct Window(Entry Document, TextSpan Span, Posting[] Names);

    private sealed class Entry(string path, string text, int[] slots)
    {
        public string Path => path;

        public string Text => text;

        public int[] Windows => slots;
    }

    // The windows that use a name, in no order.
    private sealed class Posting((Language Language, string Name) key)
    {
        public (Language Language, string Name) Key => key;

        public List<int> Windows { get; } = [];

        public void Remove(int slot)
        {
            int at = Windows.IndexOf(slot);
            Windows[at] = Windows[^1];
            Windows.RemoveAt(Windows.Count - 1);
        }
    }
}
