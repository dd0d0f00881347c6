namespace CodeTuner.Workspace.History;

/// <summary>A half-open range of lines, counted from 0.</summary>
/// <param name="Start">The first line.</param>
/// <param name="End">The line after the last.</param>
public readonly record struct LineRange(int Start, int End)
{
    /// <summary>The number of lines.</summary>
    public int Count => End - Start;
}
