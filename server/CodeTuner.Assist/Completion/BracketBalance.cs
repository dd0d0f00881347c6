namespace CodeTuner.Assist.Completion;

/// <summary>Counts brackets in code, strings left out.</summary>
internal static class BracketBalance
{
    /// <summary>Where brackets stand that close something opened before the text.</summary>
    public static List<int> Unopened(ReadOnlySpan<char> text)
    {
        List<int> found = [];
        Walk(text, (at, depth) =>
        {
            if (depth < -found.Count)
                found.Add(at);
        });
        return found;
    }

    /// <summary>How many brackets are left open at the text's end.</summary>
    public static int Open(ReadOnlySpan<char> text)
    {
        int last = 0, lowest = 0;
        Walk(text, (_, depth) =>
        {
            last = depth;
            lowest = Math.Min(lowest, depth);
        });
        return last - lowest;
    }

    // Calls for each bracket with the depth behind it.
    private static void Walk(ReadOnlySpan<char> text, Action<int, int> bracket)
    {
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' or '\'' or '`':
                    i = QuotedText.End(text, i) - 1;
                    break;
                case '(' or '[' or '{':
                    bracket(i, ++depth);
                    break;
                case ')' or ']' or '}':
                    bracket(i, --depth);
                    break;
            }
        }
    }
}
