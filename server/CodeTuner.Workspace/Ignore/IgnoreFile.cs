namespace CodeTuner.Workspace.Ignore;

/// <summary>The patterns of one ignore file, in order. The last one that matches a path decides.</summary>
internal sealed class IgnoreFile
{
    private readonly IgnorePattern[] patterns;

    private IgnoreFile(IgnorePattern[] patterns) => this.patterns = patterns;

    /// <summary>Reads the bytes of an ignore file.</summary>
    public static IgnoreFile Parse(ReadOnlySpan<byte> bytes, bool ignoreCase)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        var patterns = new List<IgnorePattern>();
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            // Only a return that belongs to the line's end is dropped; a last line without an end keeps its own.
            if (end >= 0 && !line.IsEmpty && line[^1] == '\r') line = line[..^1];
            if (IgnorePattern.Parse(line, ignoreCase) is { } pattern) patterns.Add(pattern);
        }

        return new IgnoreFile([.. patterns]);
    }

    /// <summary>Reads a file; null where there is none, or where it is a link or cannot be read (git does not follow links here either).</summary>
    public static IgnoreFile? Load(string path, bool ignoreCase)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.LinkTarget is not null) return null;
            return Parse(File.ReadAllBytes(path), ignoreCase);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>True for ignored, false for taken back in, null where no pattern speaks of the path.</summary>
    public bool? Decide(ReadOnlySpan<byte> path, bool isDirectory)
    {
        for (int i = patterns.Length - 1; i >= 0; i--)
        {
            if (patterns[i].IsMatch(path, isDirectory)) return !patterns[i].Negated;
        }

        return null;
    }
}
