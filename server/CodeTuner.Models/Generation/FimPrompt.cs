using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Models.Generation;

/// <summary>
/// Lays out a fill-in-the-middle prompt in the order the bases are trained with:
/// <c>[repository name, other files] [file separator, path] prefix-sentinel before suffix-sentinel after middle-sentinel</c>.
/// The gap is taken to begin at the start of the cursor's line, and what is typed of the line already follows the last sentinel
/// as the middle's own beginning: the model goes on from the very text it has just read. A caller may let the gap begin some lines
/// earlier: then those are the middle's beginning too, and while they grow nothing changes before them.
/// Training, evaluation and serving all build theirs here, so that they cannot drift apart.
/// </summary>
/// <remarks>
/// What is left out where not all of it fits:
/// <list type="number">
/// <item>The sentinels always stay; the path goes where it would take more than a quarter.</item>
/// <item>Other files take at most half of what the path leaves. The last ones, the most useful, stay; the first that does not
/// fit is cut at the end of a line, and those before it go.</item>
/// <item>What is written of the gap stays. Where it would take more than half of what is left, the gap begins at the cursor's line,
/// and where that is too long, at the cursor.</item>
/// <item>The text after the gap gets a third of the rest, and more where the text before it needs less. Its end is cut, after a line.</item>
/// <item>The text before the gap gets what remains. Its beginning is cut, before a line. The cut moves in steps, not with each
/// token: so while somebody types a line, nothing changes before the last sentinel, and a model's KV cache stays good.</item>
/// </list>
/// </remarks>
public static class FimPrompt
{
    private const int Sentinels = 3;
    private const int LeastTokens = 8;
    private const int LeastSnippet = 16;

    // The text before the cursor says more than what follows.
    private const double SuffixShare = 1.0 / 3;

    // A longer beginning of a line is left with the prefix.
    private const int LongestTyped = 300;

    // The room for what is typed grows in steps too; that for several lines has a share from the start, so that it seldom grows.
    private const int TypedStep = 16;
    private const int LinesStep = 64;
    private const int LinesShare = 4;

    // A cut moves by this share of the room, and looks as far for the bound of a line.
    private const int Steps = 8;

    // A token is hardly ever longer: text beyond this many characters a token of room need not be tokenised.
    private const int CharactersPerToken = 16;

    /// <summary>The prompt's token ids, at most <paramref name="maxTokens"/>.</summary>
    /// <param name="format">The base's sentinels.</param>
    /// <param name="tokenizer">Its tokenizer. Sentinels spelt out in the texts are not read as such.</param>
    /// <param name="path">The file's path from the workspace's root, or null to leave it out.</param>
    /// <param name="prefix">What stands before the gap; its beginning is cut where it is too long.</param>
    /// <param name="suffix">What stands after the gap; its end is cut where it is too long.</param>
    /// <param name="maxTokens">Room for the prompt; at least 3, for the sentinels.</param>
    /// <param name="repository">The repository's name, shown where there are other files.</param>
    /// <param name="context">Pieces of other files, the most useful last; dropped where the base has no separator for files.</param>
    /// <param name="gap">Where in <paramref name="prefix"/> the gap begins: the start of a line. Null is the start of the last line.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for the sentinels.</exception>
    public static int[] Build(
        FimFormat format, Tokenizer tokenizer, string? path, string prefix, string suffix, int maxTokens,
        string repository = "", IReadOnlyList<ContextSnippet>? context = null, int? gap = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, Sentinels);
        List<int> ids = [];
        int[] own = path is not null && format.FileSeparator is { } separator ? [separator, .. tokenizer.Encode(path + "\n")] : [];
        if (own.Length > maxTokens / 4 || maxTokens - own.Length - Sentinels < LeastTokens)
            own = [];
        if (context is { Count: > 0 } && format.FileSeparator is { } between)
            AddContext(ids, format, between, tokenizer, repository, context, (maxTokens - own.Length - Sentinels) / 2);
        ids.AddRange(own);

        int room = maxTokens - ids.Count - Sentinels;
        int lineStart = prefix.LastIndexOf('\n') + 1;
        string line = prefix[lineStart..];

        // Indentation makes other tokens alone than with the word behind it: the model writes it itself.
        bool isIndentation = string.IsNullOrWhiteSpace(line);
        bool hasLines = gap == lineStart || (gap < lineStart && !(isIndentation && JoinsLines(tokenizer)));
        int start = hasLines ? gap!.Value : lineStart;
        int[] typed = hasLines ? Typed(start) : [];
        if (!hasLines || typed.Length > room / 2)
            (typed, hasLines, start) = (prefix.Length - lineStart <= LongestTyped ? Typed(lineStart) : [], false, lineStart);
        if (typed.Length > room / 2)
            typed = [];
        if (typed.Length > 0 || isIndentation)
            prefix = prefix[..start];
        int step = hasLines ? LinesStep : TypedStep;
        int reserved = (typed.Length + step - 1) / step * step;
        room -= Math.Min(room, hasLines ? Math.Max(reserved, room / LinesShare) : reserved);
        int[] before = tokenizer.Encode(NearEnd(prefix, room * CharactersPerToken));
        int[] after = tokenizer.Encode(NearStart(suffix, room * CharactersPerToken));
        int afterRoom = Math.Min(after.Length, Math.Max((int)(room * SuffixShare), room - before.Length));
        int from = Begin(tokenizer, before, Math.Min(before.Length, room - afterRoom));
        int end = Finish(tokenizer, after, afterRoom);
        ids.Add(format.Prefix);
        ids.AddRange(before.AsSpan(from));
        ids.Add(format.Suffix);
        ids.AddRange(after.AsSpan(0, end));
        ids.Add(format.Middle);
        ids.AddRange(typed);
        return [.. ids];

        int[] Typed(int from) => tokenizer.Encode(isIndentation ? prefix[from..lineStart] : prefix[from..]);
    }

    /// <summary>Where the middle begins in a prompt: behind its last sentinel.</summary>
    public static int MiddleStart(FimFormat format, ReadOnlySpan<int> prompt) => prompt.LastIndexOf(format.Middle) + 1;

    /// <summary>What a model wrote, less the indentation that the cursor's line has already: see <see cref="Build"/>.</summary>
    public static string WithoutIndentation(string prefix, string text)
    {
        string line = prefix[(prefix.LastIndexOf('\n') + 1)..];
        if (!string.IsNullOrWhiteSpace(line) || line.Length == 0)
            return text;
        return text.StartsWith(line, StringComparison.Ordinal) ? text[line.Length..] : text.TrimStart(' ', '\t');
    }

    private static void AddContext(
        List<int> ids, FimFormat format, int separator, Tokenizer tokenizer, string repository, IReadOnlyList<ContextSnippet> context, int room)
    {
        int[] name = format.RepositoryName is { } id && repository.Length > 0 ? [id, .. tokenizer.Encode(repository + "\n")] : [];
        room -= name.Length;
        Stack<int[]> kept = new();
        for (int i = context.Count - 1; i >= 0 && room >= LeastSnippet; i--)
        {
            ContextSnippet snippet = context[i];
            string text = NearStart(snippet.Text, room * CharactersPerToken);
            int[] header = [separator, .. tokenizer.Encode(snippet.Path + "\n")];
            int[] piece = tokenizer.Encode(text.EndsWith('\n') ? text : text + "\n");
            int fits = Finish(tokenizer, piece, Math.Min(piece.Length, room - header.Length));
            if (fits < piece.Length && fits < LeastSnippet)
                break;
            kept.Push([.. header, .. piece.AsSpan(0, fits)]);
            room -= header.Length + fits;
            if (fits < piece.Length)
                break;
        }

        if (kept.Count == 0)
            return;
        ids.AddRange(name);
        foreach (int[] piece in kept)
            ids.AddRange(piece);
    }

    // Where to begin so that at most `keep` tokens are left: at a line, if one starts within a step.
    private static int Begin(Tokenizer tokenizer, int[] ids, int keep)
    {
        int drop = ids.Length - keep;
        if (drop <= 0)
            return 0;
        int step = Math.Max(1, keep / Steps);
        drop = Math.Min(ids.Length, (drop + step - 1) / step * step);
        for (int i = drop; i < Math.Min(ids.Length, drop + step); i++)
        {
            if (StartsLine(tokenizer, ids, i))
                return i;
        }

        return drop;
    }

    // Where to end so that at most `keep` tokens are left: after a line, if one ends within a step.
    private static int Finish(Tokenizer tokenizer, int[] ids, int keep)
    {
        keep = Math.Max(0, keep);
        if (keep >= ids.Length)
            return ids.Length;
        int step = Math.Max(1, keep / Steps * 2);
        for (int i = keep; i > Math.Max(0, keep - step); i--)
        {
            if (StartsLine(tokenizer, ids, i))
                return i;
        }

        return keep;
    }

    // Some tokenizers join a line end to the white space behind it: then the line end itself is the bound.
    private static bool StartsLine(Tokenizer tokenizer, int[] ids, int at) =>
        (at > 0 && tokenizer.Bytes(ids[at - 1]) is [.., (byte)'\n']) || (tokenizer.Bytes(ids[at]) is [(byte)'\n', ..] and not [.., (byte)'\n']);

    // Whether a line's end is one token with the next one's indentation: then a text cannot be left off between the two.
    private static bool JoinsLines(Tokenizer tokenizer)
    {
        foreach (int id in tokenizer.Encode(";\n    x"))
        {
            if (tokenizer.Bytes(id) is var bytes && bytes.IndexOf((byte)'\n') is >= 0 and var at && at < bytes.Length - 1)
                return true;
        }

        return false;
    }

    private static string NearEnd(string text, int characters)
    {
        int from = text.Length - characters;
        if (from <= 0)
            return text;
        int step = Math.Max(1, characters / Steps);
        from = Math.Min(text.Length, (from + step - 1) / step * step);
        int line = text.IndexOf('\n', from, Math.Min(step, text.Length - from));
        return line >= 0 ? text[(line + 1)..] : text[SafeCut(text, from)..];
    }

    private static string NearStart(string text, int characters) => text.Length > characters ? text[..SafeCut(text, characters)] : text;

    private static int SafeCut(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at + 1 : at;
}
