using CodeTuner.Workspace;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Datasets;

/// <summary>A document, or what is left of it, to learn from.</summary>
/// <param name="Path">The path from the workspace's root.</param>
/// <param name="Language">Its language.</param>
/// <param name="Text">The text that may be learned: held-out and removed stretches are not in it.</param>
/// <param name="Recent">Stretches that were added lately; spans are drawn from them more often.</param>
public sealed record TrainingDocument(string Path, Workspace.Languages.Language Language, string Text, IReadOnlyList<TextSpan> Recent)
{
    /// <summary>
    /// Where stretches were taken out, in order. What stands before such a place is good context for what follows, but nothing
    /// to write on from: no target reaches across.
    /// </summary>
    public IReadOnlyList<int> Seams { get; init; } = [];

    /// <summary>Whether something was taken out inside a span.</summary>
    internal bool HasSeamIn(TextSpan span) => Seams.Any(s => s > span.Start && s < span.End);

    /// <summary>The stretch between seams that a position is in.</summary>
    internal TextSpan PieceAt(int position)
    {
        int start = 0, end = Text.Length;
        foreach (int seam in Seams)
        {
            if (seam <= position)
                start = seam;
            else
                end = Math.Min(end, seam);
        }

        return new TextSpan(start, end);
    }
}

/// <summary>A document with stretches that are held out to measure on.</summary>
/// <param name="Document">The whole document.</param>
/// <param name="Spans">The held-out stretches, whole lines, in order.</param>
public sealed record HeldOutDocument(SourceDocument Document, IReadOnlyList<TextSpan> Spans);

/// <summary>What is learned and what is measured on.</summary>
/// <param name="Training">To learn from.</param>
/// <param name="HeldOut">To measure on; never seen in training.</param>
/// <param name="ByTime">Whether the newest commits' code is held out; otherwise whole files are.</param>
/// <param name="Description">How it was split, in a sentence.</param>
public sealed record HeldOutSplit(
    IReadOnlyList<TrainingDocument> Training, IReadOnlyList<HeldOutDocument> HeldOut, bool ByTime, string Description);
