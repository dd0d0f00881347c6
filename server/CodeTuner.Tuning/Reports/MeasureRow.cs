using CodeTuner.Tuning.Evaluation;

namespace CodeTuner.Tuning.Reports;

/// <summary>A measure of an evaluation.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Before">Of the base.</param>
/// <param name="After">Of the tuned model.</param>
/// <param name="HigherIsBetter">Which way is better.</param>
public sealed record MeasureRow(string Name, Interval Before, Interval After, bool HigherIsBetter);
