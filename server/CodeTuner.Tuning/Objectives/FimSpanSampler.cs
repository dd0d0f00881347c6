using CodeTuner.Models;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Objectives;

/// <summary>
/// Chooses what to take out of a document: mostly syntactic units, lines most of all as that is what a completion fills,
/// and some random stretches (Bavarian et al. 2022, arXiv 2207.14255). Recently added code is chosen more often.
/// </summary>
public sealed class FimSpanSampler
{
    private const int LongestSpan = 1200;
    private const double RecentWeight = 3;
    private const int Tries = 12;

    private readonly TrainingDocument document;
    private readonly string text;
    private readonly IReadOnlyList<TextSpan> recent;
    private readonly Dictionary<SyntacticUnitKind, List<TextSpan>> units;

    /// <summary>A sampler of one document.</summary>
    public FimSpanSampler(TrainingDocument document)
    {
        this.document = document;
        text = document.Text;
        recent = document.Recent;
        units = SyntacticUnits.Of(document.Language, text, OutlineParser.Parse(document.Language, text))
            .Where(u => u.Span.Length is >= 2 and <= LongestSpan && !document.HasSeamIn(u.Span))
            .GroupBy(u => u.Kind).ToDictionary(g => g.Key, g => g.Select(u => u.Span).ToList());
    }

    /// <summary>A stretch to fill in: never blank, never across a seam. Null where the document has none.</summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="syntacticShare">The share of syntactic units, 0 to 1; the others are random stretches.</param>
    public TextSpan? Draw(RandomSequence random, double syntacticShare)
    {
        TextSpan? best = null;
        bool syntactic = random.NextDouble() < syntacticShare;

        // Of a few candidates one in recent code wins: a bias without a table of weights.
        for (int i = 0; i < Tries; i++)
        {
            TextSpan? candidate = (syntactic ? Syntactic(random) : null) ?? RandomStretch(random);
            if (candidate is not { } span)
                continue;
            best = span;
            if (recent.Count == 0 || IsRecent(span) || random.NextDouble() < 1 / RecentWeight)
                break;
        }

        return best;
    }

    private TextSpan? Syntactic(RandomSequence random)
    {
        double kind = random.NextDouble();
        SyntacticUnitKind wanted = kind switch
        {
            < 0.62 => SyntacticUnitKind.Line,
            < 0.76 => SyntacticUnitKind.Expression,
            < 0.85 => SyntacticUnitKind.Arguments,
            < 0.91 => SyntacticUnitKind.Block,
            < 0.97 => SyntacticUnitKind.FunctionBody,
            _ => SyntacticUnitKind.DocComment,
        };
        if (!units.TryGetValue(wanted, out List<TextSpan>? spans) && !units.TryGetValue(SyntacticUnitKind.Line, out spans))
            return null;
        TextSpan span = spans[random.NextInt(spans.Count)];

        // A line is completed from somewhere inside it more often than from its start.
        if (wanted != SyntacticUnitKind.Line || random.NextDouble() < 0.4)
            return span;
        int start = span.Start + random.NextInt(span.Length);
        return char.IsLowSurrogate(text[start]) ? span : new TextSpan(start, span.End);
    }

    private TextSpan? RandomStretch(RandomSequence random)
    {
        if (text.Length < 4)
            return null;
        const int LongestRandom = 300;
        int start = random.NextInt(text.Length - 1);
        int end;
        if (random.NextDouble() < 0.5)
        {
            // To the end of this line or of one of the next few.
            end = start;
            for (int lines = random.NextInt(4); lines >= 0 && end < text.Length; lines--)
            {
                int next = text.IndexOf('\n', Math.Min(text.Length - 1, end + 1));
                end = next < 0 ? text.Length : next;
            }
        }
        else
        {
            end = Math.Min(text.Length, start + 1 + random.NextInt(LongestRandom));
        }

        end = Math.Min(Math.Min(end, start + LongestSpan), document.PieceAt(start).End);

        // A line's end belongs to the text after the gap, and so does the first half of a pair.
        if (end < text.Length && text[end] == '\n' && end > start && text[end - 1] == '\r')
            end--;
        if (end < text.Length && char.IsLowSurrogate(text[end]))
            end--;
        if (char.IsLowSurrogate(text[start]))
            start++;
        return end > start && !text.AsSpan(start, end - start).IsWhiteSpace() ? new TextSpan(start, end) : null;
    }

    private bool IsRecent(TextSpan span) => recent.Any(r => span.Start < r.End && r.Start < span.End);
}
