namespace CodeTuner.Workspace.Ignore;

/// <summary>One line of a <c>.gitignore</c>, as gitignore(5) describes it.</summary>
internal sealed class IgnorePattern
{
    private readonly string pattern;
    private readonly bool matchesName;

    private IgnorePattern(string pattern, bool isNegated, bool directoriesOnly, bool matchesName) =>
        (this.pattern, IsNegated, DirectoriesOnly, this.matchesName) = (pattern, isNegated, directoriesOnly, matchesName);

    /// <summary>Whether it takes a path back in.</summary>
    public bool IsNegated { get; }

    /// <summary>Whether it holds for folders alone.</summary>
    public bool DirectoriesOnly { get; }

    /// <summary>Reads a line; null where it says nothing.</summary>
    public static IgnorePattern? Parse(string line)
    {
        if (line.EndsWith('\r'))
            line = line[..^1];
        if (line.Length == 0 || line[0] == '#')
            return null;
        line = TrimEnd(line);
        bool negated = line.StartsWith('!');
        if (negated)
            line = line[1..];
        bool directories = line.EndsWith('/');
        if (directories)
            line = line[..^1];
        if (line.Length == 0)
            return null;

        // A slash anywhere but at the end ties the pattern to the file's folder.
        bool anchored = line.Contains('/', StringComparison.Ordinal);
        if (line[0] == '/')
            line = line[1..];
        return line.Length == 0 ? null : new IgnorePattern(line, negated, directories, matchesName: !anchored);
    }

    /// <summary>Whether the pattern matches.</summary>
    /// <param name="path">The path from the folder of the pattern's file, with forward slashes.</param>
    /// <param name="isDirectory">Whether it is a folder.</param>
    public bool Matches(ReadOnlySpan<char> path, bool isDirectory)
    {
        if (DirectoriesOnly && !isDirectory)
            return false;
        return matchesName ? Wildmatch.MatchesFromStart(pattern, path[(path.LastIndexOf('/') + 1)..]) : Wildmatch.MatchesFromStart(pattern, path);
    }

    // Spaces at the end do not count unless a backslash keeps them.
    private static string TrimEnd(string line)
    {
        int end = line.Length;
        while (end > 0 && line[end - 1] == ' ')
        {
            int backslashes = 0;
            for (int i = end - 2; i >= 0 && line[i] == '\\'; i--)
                backslashes++;
            if (backslashes % 2 == 1)
                break;
            end--;
        }

        return line[..end];
    }
}
