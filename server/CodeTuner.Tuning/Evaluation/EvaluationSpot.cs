using CodeTuner.Workspace.Languages;

namespace CodeTuner.Tuning.Evaluation;

/// <summary>A place in held-out code where the rest of a line is taken out, to see what a model writes there.</summary>
/// <param name="Path">The file.</param>
/// <param name="Language">Its language.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Prefix">What stands before, up to the start of the gap.</param>
/// <param name="Reference">What stood there, without white space at its end.</param>
/// <param name="Suffix">What stands after, from the line's end.</param>
public sealed record EvaluationSpot(string Path, Language Language, int Line, string Prefix, string Reference, string Suffix);
