using System.Globalization;
using System.Text;

namespace CodeTuner.Workspace.History;

/// <summary>One commit of the log with what it changed against its first parent.</summary>
internal sealed record LoggedCommit(GitCommit Commit, string[] Parents, List<FileChange> Changes);

/// <summary>A file that a commit changed.</summary>
internal sealed class FileChange
{
    /// <summary>Its path before, or null where it is new.</summary>
    public string? OldPath { get; set; }

    /// <summary>Its path after, or null where it is gone.</summary>
    public string? NewPath { get; set; }

    /// <summary>Git's remark that it treats the file as binary, which then has no hunks; it names the paths.</summary>
    public string? BinaryLine { get; set; }

    /// <summary>What changed, in order.</summary>
    public List<Hunk> Hunks { get; } = [];
}

/// <summary>Lines that replace others; starts count from 0.</summary>
internal readonly record struct Hunk(int OldStart, int OldCount, int NewStart, int NewCount);

/// <summary>
/// Reads <c>git log</c> with patches as a stream, newest commit first and children before parents. Of the patches only the headers
/// are kept: a hunk's lines are counted and skipped.
/// </summary>
internal sealed class GitLog(GitProcess git)
{
    private const byte CommitMark = 1;

    private readonly ByteLines lines = new(git);

    public static GitProcess Start(string folder, int maxCommits, CancellationToken cancellationToken) => GitProcess.Start(
        folder,
        [
            "log", "--date-order", $"--max-count={maxCommits}", "--diff-merges=first-parent", "--patch", "--unified=0", "--inter-hunk-context=0",
            "--find-renames", "-l1000", "--diff-algorithm=histogram", "--no-color", "--no-ext-diff", "--no-textconv", "--no-show-signature",
            "--no-notes", "--ignore-submodules=all", "--submodule=short", "--src-prefix=a/", "--dst-prefix=b/", "--encoding=UTF-8",
            "--format=%x01%H %ct %P", "HEAD", "--",
        ],
        cancellationToken,
        TimeSpan.FromMinutes(5));

    /// <summary>The next commit, or null at the end.</summary>
    public LoggedCommit? Next()
    {
        ReadOnlySpan<byte> line;
        do
        {
            if (!lines.TryRead(out line))
                return null;
        }
        while (line.Length == 0 || line[0] != CommitMark);

        var words = Encoding.ASCII.GetString(line[1..]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !long.TryParse(words[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            throw new GitException($"git log wrote a commit line that cannot be read: {string.Join(' ', words)}");
        var time = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, 253402300799));
        var changes = new List<FileChange>();
        while (lines.Peek() is not (-1 or CommitMark))
        {
            if (!lines.TryRead(out line))
                break;
            if (line.StartsWith("diff --git "u8))
                changes.Add(new FileChange());
            else if (changes.Count > 0)
                ReadPatchLine(line, changes[^1]);
        }

        return new LoggedCommit(new GitCommit(words[0], time), words[2..], changes);
    }

    private void ReadPatchLine(ReadOnlySpan<byte> line, FileChange change)
    {
        if (line.StartsWith("@@ "u8))
        {
            var hunk = ReadHunk(line);
            change.Hunks.Add(hunk);
            SkipContent(hunk);
        }
        else if (line.StartsWith("--- "u8))
            change.OldPath = PathOf(line[4..], 2);
        else if (line.StartsWith("+++ "u8))
            change.NewPath = PathOf(line[4..], 2);
        else if (line.StartsWith("rename from "u8))
            change.OldPath = PathOf(line[12..], 0);
        else if (line.StartsWith("rename to "u8))
            change.NewPath = PathOf(line[10..], 0);
        else if (line.StartsWith("Binary files "u8))
            change.BinaryLine = Encoding.UTF8.GetString(line);
    }

    private void SkipContent(Hunk hunk)
    {
        for (var i = 0L; i < (long)hunk.OldCount + hunk.NewCount; i++)
        {
            // "\ No newline at end of file" counts for no line.
            while (lines.Peek() == '\\')
                lines.Skip();
            lines.Skip();
        }

        while (lines.Peek() == '\\')
            lines.Skip();
    }

    /// <summary><c>@@ -start,count +start,count @@</c>; a count of 1 may be left out, and a side without lines starts one early.</summary>
    private static Hunk ReadHunk(ReadOnlySpan<byte> line)
    {
        var words = Encoding.ASCII.GetString(line).Split(' ');
        if (words.Length >= 3 && Side(words[1], '-') is { } old && Side(words[2], '+') is { } now)
            return new Hunk(old.Start, old.Count, now.Start, now.Count);
        throw new GitException("git log wrote a hunk line that cannot be read.");

        static (int Start, int Count)? Side(string word, char sign)
        {
            if (!word.StartsWith(sign))
                return null;
            var comma = word.IndexOf(',');
            var count = 1;
            if (!int.TryParse(word.AsSpan(1, (comma < 0 ? word.Length : comma) - 1), out var start) ||
                (comma >= 0 && !int.TryParse(word.AsSpan(comma + 1), out count)))
                return null;
            return (count == 0 ? start : start - 1, count);
        }
    }

    /// <summary>A path as a patch writes it: with a prefix, a tab behind it if it holds spaces, or quoted as in C.</summary>
    internal static string? PathOf(ReadOnlySpan<byte> written, int prefix)
    {
        if (written.StartsWith("\""u8))
            written = Unquote(written);
        else if (written.EndsWith("\t"u8))
            written = written[..^1];
        if (written.SequenceEqual("/dev/null"u8) && prefix > 0)
            return null;
        return Encoding.UTF8.GetString(written[Math.Min(prefix, written.Length)..]);
    }

    private static byte[] Unquote(ReadOnlySpan<byte> quoted)
    {
        var result = new List<byte>(quoted.Length);
        for (var i = 1; i < quoted.Length && quoted[i] != '"'; i++)
        {
            if (quoted[i] != '\\' || i + 1 >= quoted.Length)
            {
                result.Add(quoted[i]);
                continue;
            }

            i++;
            if (quoted[i] is >= (byte)'0' and <= (byte)'3' && i + 2 < quoted.Length)
            {
                result.Add((byte)(((quoted[i] - '0') << 6) | ((quoted[i + 1] - '0') << 3) | (quoted[i + 2] - '0')));
                i += 2;
                continue;
            }

            result.Add(quoted[i] switch
            {
                (byte)'a' => 7,
                (byte)'b' => 8,
                (byte)'t' => 9,
                (byte)'n' => 10,
                (byte)'v' => 11,
                (byte)'f' => 12,
                (byte)'r' => 13,
                var other => other,
            });
        }

        return [.. result];
    }
}
