using CodeTuner.Tuning.Evaluation;

namespace CodeTuner.Cli.Output;

/// <summary>An evaluation's measures, each with its interval.</summary>
internal static class EvaluationJson
{
    public static object Of(EvaluationResult result) => new
    {
        loss = result.Loss(),
        perplexity = result.Perplexity(),
        bitsPerByte = result.BitsPerByte(),
        exactMatch = result.ExactMatch(),
        editSimilarity = result.EditSimilarity(),
        identifierF1 = result.IdentifierF1(),
        syntaxValid = result.SyntaxValid(),
        lines = result.Spots.Count,
        sequences = result.Sequences.Count,
    };
}
