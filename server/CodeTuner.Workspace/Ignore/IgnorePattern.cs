namespace CodeTuner.Workspace.Ignore;

/// <summary>One line of an ignore file, as gitignore(5) defines it.</summary>
internal sealed class IgnorePattern
{
    private readonly bool directoryOnly;
    private readonly bool baseNameOnly;
    private readonly bool ignoreCase;
    private readonly byte[] literal;
    private readonly GlobPattern? rest;

    private IgnorePattern(bool negated, bool directoryOnly, bool baseNameOnly, bool ignoreCase, byte[] literal, GlobPattern? rest)
    {
        Negated = negated;
        this.directoryOnly = directoryOnly;
        this.baseNameOnly = baseNameOnly;
        this.ignoreCase = ignoreCase;
        this.literal = literal;
        this.rest = rest;
    }

    /// <summary>Whether a match takes the path back in.</summary>
    public bool Negated { get; }

    /// <summary>Reads a line without its line end; null for a comment, an empty line or a pattern that can never match.</summary>
    public static IgnorePattern? Parse(ReadOnlySpan<byte> line, bool ignoreCase)
    {
        if (line.IsEmpty || line[0] == '#') return null;
        line = TrimTrailingBlanks(line);
        bool negated = !line.IsEmpty && line[0] == '!';
        if (negated) line = line[1..];
        bool directoryOnly = !line.IsEmpty && line[^1] == '/';
        if (directoryOnly) line = line[..^1];
        if (line.IsEmpty) return null;
        bool baseNameOnly = !line.Contains((byte)'/');
        if (line[0] == '/') line = line[1..];
        // git compares the part before the first special byte literally and matches only what follows as a glob.
        // A "**" directly after that part therefore counts as one at the start; the same is done here.
        int special = line.IndexOfAny("*?[\\"u8);
        int prefix = special < 0 ? line.Length : baseNameOnly ? 0 : special;
        GlobPattern? rest = null;
        if (special >= 0)
        {
            rest = GlobPattern.Parse(line[prefix..], ignoreCase);
            if (rest is null) return null;
        }

        return new IgnorePattern(negated, directoryOnly, baseNameOnly, ignoreCase, line[..prefix].ToArray(), rest);
    }

    /// <summary>Whether the pattern matches.</summary>
    /// <param name="path">The path below the ignore file's folder, in UTF-8 with forward slashes.</param>
    /// <param name="isDirectory">Whether the path is a directory (a link to one is not).</param>
    public bool IsMatch(ReadOnlySpan<byte> path, bool isDirectory)
    {
        if (directoryOnly && !isDirectory) return false;
        ReadOnlySpan<byte> name = baseNameOnly ? path[(path.LastIndexOf((byte)'/') + 1)..] : path;
        if (rest is null) return name.Length == literal.Length && StartsWithLiteral(name);
        return StartsWithLiteral(name) && rest.IsMatch(name[literal.Length..]);
    }

    private bool StartsWithLiteral(ReadOnlySpan<byte> name)
    {
        if (!ignoreCase) return name.StartsWith(literal);
        if (name.Length < literal.Length) return false;
        for (int i = 0; i < literal.Length; i++)
        {
            if (GlobPattern.Lower(name[i]) != GlobPattern.Lower(literal[i])) return false;
        }

        return true;
    }

    // Blanks at the end do not count, unless a backslash stands before them.
    private static ReadOnlySpan<byte> TrimTrailingBlanks(ReadOnlySpan<byte> line)
    {
        int end = 0;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\')
            {
                i++;
                end = Math.Min(i + 1, line.Length);
            }
            else if (line[i] != ' ')
            {
                end = i + 1;
            }
        }

        return line[..end];
    }
}
