using CodeTuner.Workspace.History;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Datasets;

/// <summary>Where the lines of a text start.</summary>
internal sealed class LineTable
{
    private readonly List<int> starts = [0];
    private readonly int length;

    public LineTable(string text)
    {
        length = text.Length;
        for (int i = text.IndexOf('\n', StringComparison.Ordinal); i >= 0; i = text.IndexOf('\n', i + 1))
            starts.Add(i + 1);
    }

    public int Count => starts.Count;

    /// <summary>The characters of whole lines, the last line end included; clamped to the text.</summary>
    public TextSpan Span(LineRange lines) => new(StartOf(lines.Start), StartOf(lines.End));

    private int StartOf(int line) => line < starts.Count ? starts[Math.Max(0, line)] : length;
}
