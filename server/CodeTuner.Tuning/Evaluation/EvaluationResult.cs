namespace CodeTuner.Tuning.Evaluation;

/// <summary>What a model wrote at a spot.</summary>
/// <param name="Text">Its line, without white space at the end.</param>
/// <param name="ExactMatch">1 where it is the reference, else 0.</param>
/// <param name="EditSimilarity">Levenshtein similarity to the reference, 0 to 1.</param>
/// <param name="IdentifierF1">F1 of the names used, 0 to 1; 1 where neither has any.</param>
/// <param name="SyntaxValid">Whether the document parses with it; null where it does not with the reference either.</param>
public sealed record SpotResult(string Text, double ExactMatch, double EditSimilarity, double IdentifierF1, bool? SyntaxValid);

/// <summary>A model's loss on a sequence.</summary>
/// <param name="Nats">Σ −log p over the counted tokens.</param>
/// <param name="Tokens">Counted tokens.</param>
/// <param name="Bytes">Their length in UTF-8.</param>
public sealed record SequenceResult(double Nats, int Tokens, int Bytes);

/// <summary>How well a model does on held-out code.</summary>
/// <param name="Spots">Its result at each spot, in the spots' order.</param>
/// <param name="Sequences">Its loss on each sequence, in the sequences' order.</param>
public sealed record EvaluationResult(IReadOnlyList<SpotResult> Spots, IReadOnlyList<SequenceResult> Sequences)
{
    private static readonly double NatsToBits = 1 / Math.Log(2);

    /// <summary>Nats a token.</summary>
    public Interval Loss() => Bootstrap.Ratio([.. Sequences.Select(s => s.Nats)], [.. Sequences.Select(s => (double)s.Tokens)]);

    /// <summary>e to the loss.</summary>
    public Interval Perplexity()
    {
        Interval loss = Loss();
        return new Interval(Math.Exp(loss.Value), Math.Exp(loss.Low), Math.Exp(loss.High));
    }

    /// <summary>Bits a byte: does not depend on the tokenizer.</summary>
    public Interval BitsPerByte() => Bootstrap.Ratio([.. Sequences.Select(s => s.Nats * NatsToBits)], [.. Sequences.Select(s => (double)s.Bytes)]);

    /// <summary>The share of spots where the line was the reference.</summary>
    public Interval ExactMatch() => Bootstrap.Mean([.. Spots.Select(s => s.ExactMatch)]);

    /// <summary>The mean Levenshtein similarity to the reference.</summary>
    public Interval EditSimilarity() => Bootstrap.Mean([.. Spots.Select(s => s.EditSimilarity)]);

    /// <summary>The mean F1 of the names used.</summary>
    public Interval IdentifierF1() => Bootstrap.Mean([.. Spots.Select(s => s.IdentifierF1)]);

    /// <summary>The share of documents that still parse, of those that did before.</summary>
    public Interval SyntaxValid() => Bootstrap.Mean([.. Spots.Where(s => s.SyntaxValid is not null).Select(s => s.SyntaxValid == true ? 1.0 : 0)]);
}
