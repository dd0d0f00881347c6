using CodeTuner.Workspace.History;

namespace CodeTuner.Assist.Review;

/// <summary>A line that surprised the model, and what it would have written.</summary>
/// <param name="Lines">The line, counted from 0.</param>
/// <param name="Current">What stands there, without the line's end.</param>
/// <param name="Replacement">What the model would write, indentation included.</param>
/// <param name="Surprise">How surprising the line is where it stands, in nats a token.</param>
/// <param name="ReplacementSurprise">How surprising the replacement would be there, in nats a token.</param>
/// <param name="Reason">One or two sentences for the user.</param>
/// <param name="Fingerprint">
/// Stands for this line of this file wherever it moves and whatever the replacement is: a dismissal is remembered by it.
/// </param>
public sealed record ReviewSuggestion(
    LineRange Lines, string Current, string Replacement, double Surprise, double ReplacementSurprise, string Reason, string Fingerprint);
