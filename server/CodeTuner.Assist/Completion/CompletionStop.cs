using CodeTuner.Assist.Text;

namespace CodeTuner.Assist.Completion;

/// <summary>
/// Where a completion ends: at the line's end, or, in an empty block, where the block does. A dedent, a blank line, a line that stands
/// there already, the same again, or brackets that close more than the completion opened end it too.
/// </summary>
/// <param name="place">Where it goes.</param>
/// <param name="maxLines">The most lines.</param>
/// <param name="timeIsUp">Whether the line under way must be the last.</param>
internal sealed class CompletionStop(CursorPlace place, int maxLines, Func<bool>? timeIsUp = null)
{
    private bool ranOutOfTime;

    /// <summary>Whether several lines are wanted.</summary>
    public bool IsMultiline => place.IsEmptyBlock && maxLines > 1;

    /// <summary>Whether the model has written enough.</summary>
    /// <param name="text">What it wrote so far, the line's indentation included where the prompt left it to the model.</param>
    public bool IsEnough(string text)
    {
        if (Repetition.IsLooping(text))
            return true;
        string written = LineEnds.Unify(text);
        int complete = written.LastIndexOf('\n');
        if (complete < 0)
            return false;
        if (!IsMultiline)
            return true;
        if (timeIsUp?.Invoke() == true && !string.IsNullOrWhiteSpace(written[..complete]))
            return ranOutOfTime = true;

        // Only whole lines can tell: what looks like a dedent may be white space under way.
        List<string> lines = Lines(written[..complete]);
        return lines.Count >= maxLines || lines.Count < written.AsSpan(0, complete).Count('\n') + 1 ||
            (written.Length > complete + 1 && !IsWanted(lines, written[(complete + 1)..], isUnderWay: true));
    }

    /// <summary>What is kept of a text, with <c>\n</c> as line ends and no white space at the end.</summary>
    /// <param name="text">As in <see cref="IsEnough"/>.</param>
    /// <param name="isWhole">Whether the model had no more to say; otherwise the line under way is not kept, unless it is the first.</param>
    public string Cut(string text, bool isWhole = true)
    {
        string written = LineEnds.Unify(Repetition.Unrolled(text));
        if (!IsMultiline)
        {
            int end = written.IndexOf('\n', StringComparison.Ordinal);
            string line = SuffixOverlap.Cut((end < 0 ? written : written[..end]).TrimEnd(), place);
            return IsSaidAlready(place.LineStart + WithoutIndentation(line)) ? "" : line;
        }

        int last = written.LastIndexOf('\n');
        if ((ranOutOfTime || !isWhole) && last >= 0 && !string.IsNullOrWhiteSpace(written[..last]))
            written = written[..last];
        List<string> lines = Lines(written);
        return string.Join('\n', Balanced(lines)).TrimEnd();
    }

    private static bool SaysSomething(string line) => line.Any(char.IsLetterOrDigit);

    // A block that ends in the middle of another is no block: back to where its brackets are closed, or else its first line alone.
    private static List<string> Balanced(List<string> lines)
    {
        for (int count = lines.Count; count > 1; count--)
        {
            if (BracketBalance.Open(string.Join('\n', lines.Take(count))) == 0)
                return lines[..count];
        }

        return lines.Count > 1 ? lines[..1] : lines;
    }

    private List<string> Lines(string written)
    {
        List<string> kept = [];
        foreach (string line in written.Split('\n'))
        {
            if (kept.Count == maxLines || !IsWanted(kept, line, isUnderWay: false))
                break;
            kept.Add(line.TrimEnd());
            if (BracketBalance.Unopened(string.Join('\n', kept)) is not [int end, ..])
                continue;

            // It closes the block itself.
            string text = string.Join('\n', kept)[..end].TrimEnd();
            return text.Length == 0 ? [] : [.. text.Split('\n')];
        }

        return kept;
    }

    private bool IsWanted(List<string> kept, string line, bool isUnderWay)
    {
        string code = line.Trim();
        if (code.Length == 0)
            return isUnderWay;
        if (kept.Count == 0)
            return isUnderWay || !IsSaidAlready(code);

        // Where the editor has not indented the line, the model has.
        string inside = place.LineStart.Length > 0 ? place.Indentation : kept[0];
        return Indentation.Width(line) >= Indentation.Width(inside) && (isUnderWay || (!IsSaidAlready(code) && code != kept[^1].Trim()));
    }

    private bool IsSaidAlready(string line)
    {
        string code = line.Trim();
        return SaysSomething(code) && place.RestOfLine.Length == 0 && (code == place.NextLine.Trim() || code == place.PreviousLine.Trim());
    }

    private string WithoutIndentation(string line) => string.IsNullOrWhiteSpace(place.LineStart) ? line.TrimStart() : line;
}
