using System.Globalization;
using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.Tuning.Reports;

/// <summary>The measures of an evaluation as people read them.</summary>
public static class EvaluationTable
{
    /// <summary>Each measure with its value before and after.</summary>
    public static IEnumerable<MeasureRow> Rows(EvaluationResult before, EvaluationResult after) =>
    [
        new("loss (nats a token)", before.Loss(), after.Loss(), HigherIsBetter: false),
        new("perplexity", before.Perplexity(), after.Perplexity(), HigherIsBetter: false),
        new("bits per byte", before.BitsPerByte(), after.BitsPerByte(), HigherIsBetter: false),
        new("exact match of lines", before.ExactMatch(), after.ExactMatch(), HigherIsBetter: true),
        new("edit similarity", before.EditSimilarity(), after.EditSimilarity(), HigherIsBetter: true),
        new("identifier F1", before.IdentifierF1(), after.IdentifierF1(), HigherIsBetter: true),
        new("syntax valid", before.SyntaxValid(), after.SyntaxValid(), HigherIsBetter: true),
    ];

    /// <summary>A value with its interval.</summary>
    public static string Format(Interval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{interval.Value:F3} ({interval.Low:F3} – {interval.High:F3})");

    /// <summary>Spots to show, chosen without looking at which model did better: spread evenly over the list, from different files.</summary>
    public static IReadOnlyList<int> Examples(EvaluationData data, EvaluationResult before, EvaluationResult after, int count)
    {
        int spots = Math.Min(data.Spots.Count, Math.Min(before.Spots.Count, after.Spots.Count));
        HashSet<string> files = new(StringComparer.Ordinal);
        List<int> chosen = [];
        for (int i = 0; i < spots && chosen.Count < count; i++)
        {
            if (files.Add(data.Spots[i].Path))
                chosen.Add(i);
        }

        for (int i = 0; i < spots && chosen.Count < count; i++)
        {
            if (!chosen.Contains(i))
                chosen.Add(i);
        }

        return chosen;
    }
}
