using CodeTuner.Assist.Text;

namespace CodeTuner.Assist.Summary;

/// <summary>What a declaration does, in the model's words.</summary>
/// <param name="Target">The declaration.</param>
/// <param name="Text">One or two sentences, free of comment marks and tags.</param>
/// <param name="Confidence">The mean natural-log probability of a token that the model wrote.</param>
/// <param name="Relevance">By how many nats a token the declaration made these words more probable.</param>
/// <param name="Insertion">
/// The edit that puts the summary into the document as a doc comment; null where the declaration has one already, or stands where
/// none can be put, such as in the middle of a line.
/// </param>
public sealed record DeclarationSummary(SummaryTarget Target, string Text, double Confidence, double Relevance, DocumentEdit? Insertion);
