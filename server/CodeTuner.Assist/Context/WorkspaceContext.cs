using CodeTuner.Models.Generation;
using CodeTuner.Workspace;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;
using CodeTuner.Workspace.Similarity;

namespace CodeTuner.Assist.Context;

/// <summary>
/// What a prompt shows of the workspace's other files: windows that use the same names as the code around the cursor, those of open
/// and recently touched files before others, and the declarations of what the file imports or names. Documents come and go one by
/// one; those that did so longest ago are forgotten where there are too many. Safe to use from several threads.
/// </summary>
/// <param name="mostCharacters">The most UTF-16 units of all documents together; 16 million, some 400,000 lines, take about 100 MB.</param>
public sealed class WorkspaceContext(long mostCharacters = 16_000_000)
{
    private const int MostSnippets = 2;
    private const int DefinitionCharacters = 400;

    // Around the cursor; more would only blur what is looked for.
    private const int AroundCharacters = 1200;
    private const int NearCharacters = 2400;

    // Open files are what somebody works on; the last ones touched even more so.
    private const double OpenWeight = 1.3;
    private const double RecentWeight = 1.15;
    private const int MostRecent = 10;

    private readonly Lock gate = new();

    // One writer at a time, so that the parts agree on what is there; readers of the gate do not wait for it.
    private readonly Lock writing = new();
    private readonly SnippetIndex snippets = new();
    private readonly DefinitionIndex definitions = new();
    private readonly Dictionary<string, Known> documents = new(StringComparer.Ordinal);
    private readonly LinkedList<string> order = new();
    private readonly Dictionary<string, (Language Language, Func<string> Text)> stale = new(StringComparer.Ordinal);
    private readonly HashSet<string> open = new(StringComparer.Ordinal);
    private readonly LinkedList<string> recent = new();
    private long characters;
    private long version;

    /// <summary>Adds a document of the disk, or replaces what was known of it.</summary>
    public void Set(SourceDocument document) => Set(document.Path, document.Language, document.Text);

    /// <summary>Adds a document, or replaces what was known of it.</summary>
    /// <param name="path">The path from the workspace's root, with forward slashes.</param>
    /// <param name="language">Its language; one that is not read is not kept.</param>
    /// <param name="text">The whole text.</param>
    public void Set(string path, Language language, string text)
    {
        if (language == Language.Unknown)
            return;
        lock (writing)
            Replace(path, language, text);
    }

    /// <summary>Whether a document is known.</summary>
    public bool Knows(string path)
    {
        lock (gate)
            return documents.ContainsKey(path);
    }

    /// <summary>Forgets a document that was deleted.</summary>
    public void Remove(string path)
    {
        lock (writing)
        {
            lock (gate)
            {
                stale.Remove(path);
                open.Remove(path);
                recent.Remove(path);
                Forget(path);
            }

            Interlocked.Increment(ref version);
        }
    }

    /// <summary>A document was opened.</summary>
    public void Opened(string path)
    {
        lock (gate)
            open.Add(path);
    }

    /// <summary>A document was closed; what is known of it stays.</summary>
    public void Closed(string path)
    {
        lock (gate)
            open.Remove(path);
    }

    /// <summary>A document was edited. Its text is read only once it is wanted: not while somebody types in it.</summary>
    /// <param name="path">The path from the workspace's root.</param>
    /// <param name="language">Its language.</param>
    /// <param name="text">Gives the text as it is then.</param>
    public void Changed(string path, Language language, Func<string> text)
    {
        lock (gate)
        {
            stale[path] = (language, text);
            recent.Remove(path);
            recent.AddFirst(path);
            if (recent.Count > MostRecent)
                recent.RemoveLast();
        }
    }

    /// <summary>Reads what was edited, but for one file, and tells by a number whether anything else than that file has changed.</summary>
    /// <param name="except">The file that is written in.</param>
    public long Version(string except)
    {
        ReadStale(except);
        return Interlocked.Read(ref version);
    }

    /// <summary>
    /// What to show before a file, the most useful last. The cursor's own line is not looked at: so nothing changes while somebody
    /// types on it, and a model's KV cache stays good.
    /// </summary>
    /// <param name="path">The file that is written in.</param>
    /// <param name="language">Its language.</param>
    /// <param name="prefix">The text before the cursor.</param>
    /// <param name="suffix">The text after it.</param>
    public IReadOnlyList<ContextSnippet> Find(string path, Language language, string prefix, string suffix)
    {
        if (language == Language.Unknown)
            return [];
        ReadStale(except: path);
        string before = prefix[..(prefix.LastIndexOf('\n') + 1)];
        int lineEnd = suffix.IndexOf('\n', StringComparison.Ordinal);
        string after = lineEnd < 0 ? "" : suffix[lineEnd..];
        string around = Last(before, AroundCharacters) + First(after, AroundCharacters / 2);
        List<SimilarSnippet> similar = snippets.Find(path, language, around, MostSnippets, Weights());
        IReadOnlyList<Definition> defined = definitions.Find(path, language, ImportReader.Read(language, before), Near(language, before, after), DefinitionCharacters);

        // What a window shows need not be said twice.
        IEnumerable<ContextSnippet> headers = defined
            .Where(d => !similar.Exists(s => s.Path == d.Path && s.Text.Contains(d.Text[(d.Text.LastIndexOf('\n') + 1)..], StringComparison.Ordinal)))
            .GroupBy(d => d.Path, StringComparer.Ordinal)
            .Select(g => new ContextSnippet(g.Key, string.Join('\n', g.Select(d => d.Text)) + "\n"));

        // Headers are short: last, they always fit, and the windows share what they leave.
        return [.. similar.Select(s => new ContextSnippet(s.Path, s.Text)), .. headers];
    }

    private static List<string> Near(Language language, string before, string after)
    {
        List<string> names = [.. Identifiers.Of(language, Last(before, NearCharacters))];
        names.Reverse();
        names.AddRange(Identifiers.Of(language, First(after, NearCharacters / 2)));
        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    private static string Last(string text, int count) => text[^Math.Min(text.Length, count)..];

    private static string First(string text, int count) => text[..Math.Min(text.Length, count)];

    private Dictionary<string, double> Weights()
    {
        lock (gate)
        {
            Dictionary<string, double> weights = open.ToDictionary(p => p, _ => OpenWeight, StringComparer.Ordinal);
            foreach (string path in recent)
                weights[path] = weights.GetValueOrDefault(path, 1) * RecentWeight;
            return weights;
        }
    }

    private void ReadStale(string except)
    {
        List<(string Path, Language Language, Func<string> Text)> now;
        lock (gate)
        {
            now = [.. stale.Where(s => s.Key != except).Select(s => (s.Key, s.Value.Language, s.Value.Text))];
            foreach ((string path, _, _) in now)
                stale.Remove(path);
        }

        foreach ((string path, Language language, Func<string> text) in now)
            Set(path, language, text());
    }

    private void Replace(string path, Language language, string text)
    {
        lock (gate)
        {
            stale.Remove(path);
            Forget(path);
            documents.Add(path, new Known(order.AddLast(path), text.Length));
            characters += text.Length;
            while (characters > mostCharacters && order.First is { } first && first.Value != path)
                Forget(first.Value);
        }

        snippets.Set(path, language, text);
        definitions.Set(path, language, text);
        Interlocked.Increment(ref version);
    }

    private void Forget(string path)
    {
        if (!documents.Remove(path, out Known? known))
            return;
        order.Remove(known.Place);
        characters -= known.Characters;
        snippets.Remove(path);
        definitions.Remove(path);
    }

    private sealed record Known(LinkedListNode<string> Place, int Characters);
}
