using System.Text;
using CodeTuner.Assist.Text;

namespace CodeTuner.Assist.Completion;

/// <summary>How a file indents: with tabs, or with so many spaces.</summary>
/// <param name="Unit">One step: a tab, or spaces.</param>
internal readonly record struct FileIndentation(string Unit)
{
    private const int ReadLines = 400;

    /// <summary>What a file does most; four spaces where it does not show.</summary>
    public static FileIndentation Of(string prefix, string suffix)
    {
        Span<int> steps = stackalloc int[9];
        int tabs = 0, lines = 0, before = 0;
        foreach (string text in (string[])[prefix[Math.Max(0, prefix.Length - 20_000)..], suffix[..Math.Min(suffix.Length, 10_000)]])
        {
            foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
            {
                if (line.IsWhiteSpace())
                    continue;
                if (++lines > ReadLines * 2)
                    break;
                if (line[0] == '\t')
                    tabs++;
                int width = line.IndexOfAnyExcept(' ');
                int step = Math.Abs(width - before);

                // Lines of block comments begin a column further in.
                if (step is > 1 and < 9 && line[0] != '\t')
                    steps[step]++;
                before = width;
            }
        }

        int most = 4;
        for (int step = 2; step < steps.Length; step++)
        {
            if (steps[step] > steps[most])
                most = step;
        }

        return tabs > steps[most] ? new FileIndentation("\t") : new FileIndentation(new string(' ', most));
    }

    /// <summary>Rewrites the indentation of every line but the first.</summary>
    /// <param name="text">Lines that end in <c>\n</c>.</param>
    /// <param name="lineIndentation">The white space that the line of the text's beginning has.</param>
    public string Apply(string text, string lineIndentation)
    {
        string[] lines = text.Split('\n');
        if (lines.Length == 1)
            return text;
        int start = Indentation.Width(lineIndentation);
        int step = StepOf(lines, start);
        StringBuilder written = new(lines[0]);
        foreach (string line in lines[1..])
        {
            string code = line.TrimStart(' ', '\t');
            int more = Indentation.Width(line) - start;
            written.Append('\n');

            // Only whole steps are rewritten; what is aligned to something stays as far in as it is.
            if (code.Length == 0)
                continue;
            if (more < 0)
                written.Append(line.AsSpan(0, line.Length - code.Length));
            else if (more % step == 0)
                written.Append(lineIndentation).Insert(written.Length, Unit, more / step);
            else if (Unit == "\t")
                written.Append(lineIndentation).Append('\t', more / step).Append(' ', more % step);
            else
                written.Append(lineIndentation).Append(' ', more);
            written.Append(code);
        }

        return written.ToString();
    }

    // How far in the text goes behind a line that opens a block; that is its own step, whatever the file's.
    private int StepOf(string[] lines, int start)
    {
        int before = start;
        for (int i = 1; i < lines.Length; i++)
        {
            int width = Indentation.Width(lines[i]);
            if (lines[i - 1].TrimEnd() is [.., '{' or ':' or '(' or '['] && width > before)
                return width - before;
            before = width;
        }

        return Unit == "\t" ? 4 : Unit.Length;
    }
}
