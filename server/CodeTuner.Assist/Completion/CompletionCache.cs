namespace CodeTuner.Assist.Completion;

/// <summary>An answer that is kept.</summary>
/// <param name="Result">The answer as it was given.</param>
internal sealed record CachedCompletion(CompletionResult Result)
{
    public required string Path { get; init; }

    /// <summary>The end of the text before the cursor.</summary>
    public required string Before { get; init; }

    /// <summary>The length of all of it.</summary>
    public required int PrefixLength { get; init; }

    /// <summary>The beginning of the text behind the cursor.</summary>
    public required string After { get; init; }

    /// <summary>The length of all of it.</summary>
    public required int SuffixLength { get; init; }
}

/// <summary>
/// The last answers, by document and the text around. Who types what an answer says is served its rest; who deletes is served what
/// was deleted with the answer behind it. So a model is asked once for a line, not once for a key. Not safe for several threads.
/// </summary>
/// <param name="capacity">How many answers are kept.</param>
internal sealed class CompletionCache(int capacity = 32)
{
    // Enough to tell one place from another; what lies farther away changes an answer little.
    private const int BeforeCharacters = 4000;
    private const int AfterCharacters = 2000;
    private const int MostDeleted = 200;
    private const int MostClosers = 3;

    private readonly LinkedList<CachedCompletion> answers = new();

    /// <summary>How many answers there are.</summary>
    public int Count => answers.Count;

    /// <summary>Keeps an answer; the oldest goes where there are too many. One for the very same place is replaced.</summary>
    public CachedCompletion Add(CompletionRequest request, CompletionResult result)
    {
        CachedCompletion added = new(result)
        {
            Path = request.Path,
            Before = request.Prefix[^Math.Min(request.Prefix.Length, BeforeCharacters)..],
            PrefixLength = request.Prefix.Length,
            After = request.Suffix[..Math.Min(request.Suffix.Length, AfterCharacters)],
            SuffixLength = request.Suffix.Length,
        };
        for (LinkedListNode<CachedCompletion>? node = answers.First; node is not null; node = node.Next)
        {
            if (node.Value with { Result = result } == added)
            {
                answers.Remove(node);
                break;
            }
        }

        answers.AddFirst(added);
        if (answers.Count > capacity)
            answers.RemoveLast();
        return added;
    }

    /// <summary>The newest answer that holds here, and what of it there is left to insert; empty where the model had nothing to say.</summary>
    public (CachedCompletion Answer, string Text)? Find(CompletionRequest request)
    {
        for (LinkedListNode<CachedCompletion>? node = answers.First; node is not null; node = node.Next)
        {
            if (Left(node.Value, request) is not { } text)
                continue;
            answers.Remove(node);
            answers.AddFirst(node);
            return (node.Value, text);
        }

        return null;
    }

    /// <summary>Forgets everything: needed when another model serves.</summary>
    public void Clear() => answers.Clear();

    private static string? Left(CachedCompletion answer, CompletionRequest request)
    {
        if (answer.Path != request.Path)
            return null;
        int typed = request.Prefix.Length - answer.PrefixLength;
        string text = answer.Result.Text;
        if (typed > 0 && typed < text.Length)
        {
            if (!request.Prefix.AsSpan(answer.PrefixLength).SequenceEqual(text.AsSpan(0, typed)) || !EndsWith(request.Prefix.AsSpan(0, answer.PrefixLength), answer.Before))
                return null;
            int closers = request.Suffix.Length - answer.SuffixLength;
            if (!StartsWith(request.Suffix, closers, answer))
                return null;
            string left = text[typed..];
            if (closers == 0)
                return left;

            // The editor closed a bracket that was typed: the rest must not close it again.
            left = left.Split('\n')[0].TrimEnd('\r');
            left = SuffixOverlap.Cut(left, new CursorPlace(request));
            return left.Length > 0 ? left : null;
        }

        if (typed > 0 || -typed > MostDeleted || -typed > answer.Before.Length || request.Suffix.Length != answer.SuffixLength ||
            !request.Suffix.StartsWith(answer.After, StringComparison.Ordinal))
            return null;
        ReadOnlySpan<char> deleted = answer.Before.AsSpan(answer.Before.Length + typed);

        // What was deleted comes back in front; not if it was more than the line, nor if there was no answer to begin with.
        if (!EndsWith(request.Prefix, answer.Before.AsSpan(0, answer.Before.Length - deleted.Length)) || deleted.IndexOfAny('\n', '\r') >= 0 ||
            (text.Length == 0 && deleted.Length > 0))
            return null;
        return string.Concat(deleted, text);
    }

    private static bool EndsWith(ReadOnlySpan<char> text, ReadOnlySpan<char> end) =>
        text.EndsWith(end[Math.Max(0, end.Length - Math.Max(0, text.Length))..], StringComparison.Ordinal) && (end.Length <= text.Length);

    private static bool StartsWith(string suffix, int closers, CachedCompletion answer) =>
        closers is >= 0 and <= MostClosers && suffix.AsSpan(0, closers).IndexOfAnyExcept(")]}\"'`>") < 0 &&
        suffix.AsSpan(closers).StartsWith(answer.After, StringComparison.Ordinal);
}
