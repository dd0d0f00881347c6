namespace CodeTuner.Workspace.Ignore;

/// <summary>
/// A pattern as gitignore(5) knows it: <c>?</c>, <c>*</c>, <c>**</c>, <c>[...]</c> and <c>\</c>, matched on the bytes of UTF-8 as git does.
/// It becomes a small automaton whose states are advanced together, so the time is always pattern × path.
/// </summary>
internal sealed class GlobPattern
{
    private readonly State[] states;
    private readonly bool ignoreCase;

    private GlobPattern(State[] states, bool ignoreCase)
    {
        this.states = states;
        this.ignoreCase = ignoreCase;
    }

    private enum StateKind : byte
    {
        /// <summary>One byte of a set.</summary>
        Set,

        /// <summary>Any bytes but a slash.</summary>
        Star,

        /// <summary>Any bytes.</summary>
        Anything,

        /// <summary>Before <see cref="Directories"/>: nothing at all, or directories.</summary>
        MaybeDirectories,

        /// <summary>Any bytes that end with a slash.</summary>
        Directories,
    }

    private readonly record struct State(StateKind Kind, bool[]? Set = null);

    /// <summary>Reads a pattern, or returns null where git takes it for one that never matches.</summary>
    public static GlobPattern? Parse(ReadOnlySpan<byte> pattern, bool ignoreCase)
    {
        var states = new List<State>();
        int i = 0;
        while (i < pattern.Length)
        {
            switch (pattern[i])
            {
                case (byte)'?':
                    states.Add(new State(StateKind.Set, AnyButSlash()));
                    i++;
                    break;
                case (byte)'*':
                    i = ParseStars(pattern, i, states);
                    break;
                case (byte)'[':
                    bool[]? set = ByteClass.Parse(pattern, ref i, ignoreCase);
                    if (set is null) return null;
                    states.Add(new State(StateKind.Set, set));
                    break;
                case (byte)'\\':
                    if (i + 1 == pattern.Length) return null;
                    states.Add(Literal(pattern[i + 1], ignoreCase));
                    i += 2;
                    break;
                default:
                    states.Add(Literal(pattern[i], ignoreCase));
                    i++;
                    break;
            }
        }

        return new GlobPattern([.. states], ignoreCase);
    }

    /// <summary>Whether the whole of <paramref name="text"/> matches.</summary>
    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        int count = states.Length + 1;
        Span<bool> current = count <= 256 ? stackalloc bool[count] : new bool[count];
        Span<bool> next = count <= 256 ? stackalloc bool[count] : new bool[count];
        current[0] = true;
        FollowEmpty(current);
        foreach (byte raw in text)
        {
            byte b = ignoreCase ? Lower(raw) : raw;
            next.Clear();
            bool alive = false;
            for (int s = 0; s < states.Length; s++)
            {
                if (!current[s]) continue;
                switch (states[s].Kind)
                {
                    case StateKind.Set when states[s].Set![b]:
                        alive = next[s + 1] = true;
                        break;
                    case StateKind.Star when b != '/':
                    case StateKind.Anything:
                        alive = next[s] = true;
                        break;
                    case StateKind.Directories:
                        alive = next[s] = true;
                        if (b == '/') next[s + 1] = true;
                        break;
                }
            }

            if (!alive) return false;
            FollowEmpty(next);
            Span<bool> swap = current;
            current = next;
            next = swap;
        }

        return current[^1];
    }

    // All steps that take no input lead forwards, so one pass is enough.
    private void FollowEmpty(Span<bool> current)
    {
        for (int s = 0; s < states.Length; s++)
        {
            if (!current[s]) continue;
            if (states[s].Kind is StateKind.Star or StateKind.Anything) current[s + 1] = true;
            if (states[s].Kind == StateKind.MaybeDirectories) current[s + 1] = current[s + 2] = true;
        }
    }

    private static int ParseStars(ReadOnlySpan<byte> pattern, int start, List<State> states)
    {
        int end = start;
        while (end < pattern.Length && pattern[end] == '*') end++;
        bool opens = start == 0 || pattern[start - 1] == '/';
        bool atEnd = end == pattern.Length;
        bool slash = !atEnd && pattern[end] == '/';
        bool escapedSlash = end + 1 < pattern.Length && pattern[end] == '\\' && pattern[end + 1] == '/';
        if (end - start == 1 || !opens || !(atEnd || slash || escapedSlash))
        {
            states.Add(new State(StateKind.Star));
            return end;
        }

        if (slash)
        {
            states.Add(new State(StateKind.MaybeDirectories));
            states.Add(new State(StateKind.Directories));
            return end + 1;
        }

        states.Add(new State(StateKind.Anything));
        return end;
    }

    private static State Literal(byte b, bool ignoreCase)
    {
        var set = new bool[256];
        set[ignoreCase ? Lower(b) : b] = true;
        return new State(StateKind.Set, set);
    }

    private static bool[] AnyButSlash()
    {
        var set = new bool[256];
        Array.Fill(set, true);
        set['/'] = false;
        return set;
    }

    /// <summary>The lower case of an ASCII letter; other bytes stay.</summary>
    public static byte Lower(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b + 32) : b;
}
