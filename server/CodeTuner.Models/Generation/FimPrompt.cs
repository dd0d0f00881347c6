using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Models.Generation;

/// <summary>
/// Lays out a fill-in-the-middle prompt in the order the bases are trained with:
/// <c>[repository name, other files] [file separator, path] prefix-sentinel before suffix-sentinel after middle-sentinel</c>.
/// The gap is taken to begin at the start of the cursor's line, and what is typed of the line already follows the last sentinel
/// as the middle's own beginning: the model goes on from the very text it has just read.
/// Training, evaluation and serving all build theirs here, so that they cannot drift apart.
/// </summary>
public static class FimPrompt
{
    // The text before the cursor says more than what follows.
    private const double SuffixShare = 1.0 / 3;

    // A longer beginning of a line is left with the prefix.
    private const int LongestTyped = 300;

    /// <summary>The prompt's token ids, at most <paramref name="maxTokens"/>.</summary>
    /// <param name="format">The base's sentinels.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="path">The file's path from the workspace's root, or null to leave it out.</param>
    /// <param name="prefix">What stands before the gap; its beginning is cut where it is too long.</param>
    /// <param name="suffix">What stands after the gap; its end is cut where it is too long. It gets a third of the room, more where the prefix needs less.</param>
    /// <param name="maxTokens">Room for the prompt.</param>
    /// <param name="repository">The repository's name, shown where there are other files.</param>
    /// <param name="context">Pieces of other files, the most useful last; dropped where the base has no separator for files.</param>
    public static int[] Build(
        FimFormat format, Tokenizer tokenizer, string? path, string prefix, string suffix, int maxTokens,
        string repository = "", IReadOnlyList<ContextSnippet>? context = null)
    {
        List<int> ids = [];
        if (format.FileSeparator is { } separator)
        {
            if (context is { Count: > 0 })
            {
                if (format.RepositoryName is { } name && repository.Length > 0)
                {
                    ids.Add(name);
                    ids.AddRange(tokenizer.Encode(repository + "\n"));
                }

                foreach (ContextSnippet snippet in context)
                {
                    ids.Add(separator);
                    ids.AddRange(tokenizer.Encode($"{snippet.Path}\n{snippet.Text}"));
                    if (!snippet.Text.EndsWith('\n'))
                        ids.AddRange(tokenizer.Encode("\n"));
                }

                if (ids.Count > maxTokens / 2)
                    ids.Clear(); // other files must not crowd out the file itself
            }

            if (path is not null)
            {
                ids.Add(separator);
                ids.AddRange(tokenizer.Encode(path + "\n"));
            }
        }

        int room = maxTokens - ids.Count - 3;
        if (room < 8)
        {
            ids.Clear();
            room = Math.Max(0, maxTokens - 3);
        }

        int lineStart = prefix.LastIndexOf('\n') + 1;
        int[] typed = prefix.Length - lineStart <= LongestTyped ? tokenizer.Encode(prefix[lineStart..]) : [];
        if (typed.Length > room / 2)
            typed = [];
        if (typed.Length > 0)
            prefix = prefix[..lineStart];
        room -= typed.Length;

        // Far more characters than fit need not be tokenised.
        int characters = room * 16;
        int[] before = tokenizer.Encode(prefix.Length > characters ? prefix[SafeCut(prefix, prefix.Length - characters)..] : prefix);
        int[] after = tokenizer.Encode(suffix.Length > characters ? suffix[..SafeCut(suffix, characters)] : suffix);
        int afterRoom = Math.Min(after.Length, Math.Max((int)(room * SuffixShare), room - before.Length));
        int beforeRoom = Math.Min(before.Length, room - afterRoom);
        ids.Add(format.Prefix);
        ids.AddRange(before.AsSpan(before.Length - beforeRoom));
        ids.Add(format.Suffix);
        ids.AddRange(after.AsSpan(0, afterRoom));
        ids.Add(format.Middle);
        ids.AddRange(typed);
        return [.. ids];
    }

    /// <summary>Where the middle begins in a prompt: behind its last sentinel.</summary>
    public static int MiddleStart(FimFormat format, ReadOnlySpan<int> prompt) => prompt.LastIndexOf(format.Middle) + 1;

    private static int SafeCut(string text, int at) => at > 0 && char.IsLowSurrogate(text[at]) ? at + 1 : at;
}
