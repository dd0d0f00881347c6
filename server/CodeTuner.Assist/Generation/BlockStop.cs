using CodeTuner.Assist.Text;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Generation;

/// <summary>Where code under a comment ends: where its block does, or where it says nothing new.</summary>
/// <param name="language">The language.</param>
/// <param name="indentation">The comment's indentation, which the code takes over.</param>
/// <param name="comment">The comment's text.</param>
/// <param name="suffix">What stands behind the place.</param>
internal sealed class BlockStop(Language language, string indentation, string comment, string suffix)
{
    private const int MostLines = 40;
    private const int LeastRepeated = 4;
    private const int MostBlankLines = 1;

    private static readonly string[] Continuations = ["else", "elif", "except", "catch", "finally", "while", "case", "default"];

    private readonly int width = Indentation.Width(indentation);
    private readonly string following = LineEnds.Unify(suffix).Split('\n').Select(l => l.TrimEnd()).FirstOrDefault(l => l.Length > 0) ?? "";
    private readonly HashSet<string> commentLines = [.. LineEnds.Unify(comment).Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)];

    /// <summary>Whether nothing that comes can belong to the block.</summary>
    public bool IsEnough(string text)
    {
        Read(text, lastIsWhole: false, out bool ended);
        return ended || Repetition.IsLooping(text);
    }

    /// <summary>The block's lines, indented as the comment is; none where the model had nothing to say.</summary>
    /// <param name="text">What the model wrote.</param>
    /// <param name="lastIsWhole">Whether the model came to an end by itself; otherwise its last line may be half.</param>
    public IReadOnlyList<string> Cut(string text, bool lastIsWhole)
    {
        bool loops = Repetition.IsLooping(text);
        string once = loops ? Repetition.Unrolled(text) : text;
        List<string> lines = Read(once, lastIsWhole || loops, out bool ended);
        bool isHalf = loops ? once.Length < text.Length && text[once.Length] != '\n' && !once.EndsWith('\n') : !lastIsWhole && !text.EndsWith('\n');
        if (isHalf && !ended && lines.Count > 0)
            lines.RemoveAt(lines.Count - 1);
        while (lines.Count > 0 && lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    private List<string> Read(string text, bool lastIsWhole, out bool ended)
    {
        List<string> kept = [];
        Construct construct = new(language, width);
        int blank = 0, shift = 0;
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd();
            bool isHalf = i == lines.Length - 1 && !lastIsWhole;
            if (line.Length == 0)
            {
                // Blank lines are kept back until something of the block follows them.
                blank += kept.Count > 0 && !isHalf ? 1 : 0;
                if (blank > MostBlankLines || (blank > 0 && construct.IsClosed))
                {
                    ended = true;
                    return kept;
                }

                continue;
            }

            // The first line stands where the comment does; a model that begins further out has left the block.
            if (kept.Count == 0)
                shift = Math.Min(0, width - Indentation.Width(line));
            int column = Indentation.Width(line) + shift;
            if (column < width || kept.Count == MostLines || (!isHalf && (IsKnown(line, column, kept) || construct.EndsBefore(line, column, Continues(line)))))
            {
                ended = true;
                return kept;
            }

            if (blank > 0)
                kept.Add("");
            blank = 0;
            kept.Add(indentation + Deeper(line, column));
            if (!isHalf)
                construct.Add(line.Trim(), column);
        }

        ended = false;
        return kept;
    }

    // The line from the comment's indentation on. Tabs and blanks stay the model's own, unless the block was moved.
    private string Deeper(string line, int column)
    {
        if (line.StartsWith(indentation, StringComparison.Ordinal) && Indentation.Width(line) == column)
            return line[indentation.Length..];
        bool tabs = line[0] == '\t' || (column > width && indentation.StartsWith('\t'));
        return (tabs ? new string('\t', (column - width + 3) / 4) : new string(' ', column - width)) + line.TrimStart();
    }

    // The comment again, the line that follows anyway, or the line before once more.
    private bool IsKnown(string line, int column, List<string> kept)
    {
        string trimmed = line.Trim();
        if (commentLines.Contains(trimmed))
            return true;
        bool closer = trimmed.AsSpan().IndexOfAnyExcept("})];, ") < 0;
        if (trimmed == following.Trim() && (!closer || column <= Indentation.Width(following)))
            return true;
        return !closer && trimmed.Length >= LeastRepeated && kept.Count > 0 && kept[^1].Trim() == trimmed;
    }

    private static bool Continues(string line)
    {
        string trimmed = line.TrimStart('}', ' ', '\t');
        return Continuations.Any(c => trimmed.StartsWith(c, StringComparison.Ordinal) && (trimmed.Length == c.Length || !char.IsLetterOrDigit(trimmed[c.Length])));
    }

    /// <summary>A declaration or statement with a block that the code begins with: when it is closed, the code is whole.</summary>
    private sealed class Construct(Language language, int width)
    {
        private bool isHeader = true;
        private bool isOpen;
        private bool hasBody;
        private int lines;

        /// <summary>Whether its closing brace has come.</summary>
        public bool IsClosed { get; private set; }

        /// <summary>Whether a line lies behind its end.</summary>
        public bool EndsBefore(string line, int column, bool continues) =>
            column == width && !continues && (IsClosed || (language.UsesIndentation() && isOpen && hasBody));

        public void Add(string line, int column)
        {
            lines++;
            hasBody |= isOpen && column > width;
            if (column > width)
                return;
            if (isOpen)
            {
                IsClosed = line[0] == '}' && !line.EndsWith('{');
                return;
            }

            isOpen = line.EndsWith(language.UsesIndentation() ? ':' : '{') && (isHeader || (lines == 2 && line == "{"));
            isHeader &= line[^1] is '(' or ',' || line[0] is '@' or '[' or '#';
        }
    }
}
