using CodeTuner.Assist.Text;

namespace CodeTuner.Assist.Review;

/// <summary>
/// Reads a long change once, from left to right, to find the lines that are worth a closer look: one run of the model for a screen
/// or two of code rather than one for each line.
/// </summary>
internal static class FirstPass
{
    private const int BeforeCharacters = 1000;
    private const int WindowCharacters = 6000;

    /// <summary>The most surprising of the lines, in the order given.</summary>
    public static IReadOnlyList<int> MostSurprising(
        GapFiller filler, string path, DocumentLines lines, IReadOnlyList<int> candidates, int count, CancellationToken cancellationToken)
    {
        Dictionary<int, double> surprise = [];
        Queue<int> waiting = new(candidates.Order());
        while (waiting.TryPeek(out int first))
        {
            int start = lines.Span(lines.At(Math.Max(0, lines.Span(first).Start - BeforeCharacters))).Start;
            int end = SafeCut.At(lines.Text, start + WindowCharacters);
            ScoredText read = filler.Read(path, lines.Text[start..end], cancellationToken);
            int covered = start + read.Length;

            // At least one line is taken, so that the pass ends whatever the text.
            do
            {
                int line = waiting.Dequeue();
                surprise[line] = Mean(read, lines.Span(line).Start - start, lines.Span(line).End - start);
            }
            while (waiting.TryPeek(out int next) && lines.Span(next).End <= covered);
        }

        HashSet<int> chosen = [.. candidates.OrderByDescending(c => surprise[c]).Take(count)];
        return [.. candidates.Where(chosen.Contains)];
    }

    private static double Mean(ScoredText read, int start, int end)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < read.Starts.Count; i++)
        {
            if (read.Starts[i] >= start && read.Starts[i] < end)
            {
                sum -= read.LogProbabilities[i];
                count++;
            }
        }

        return count == 0 ? 0 : sum / count;
    }
}
