using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Tuning.Tests.Evaluation;

/// <summary>
/// A language model that counts: the probability of a token is mixed from how often it followed the last 0, 1, … 32 tokens in what
/// the model has read. It learns a text by heart, so what it should score and write is known.
/// </summary>
internal sealed class ContextModel : LanguageModel
{
    private const int Order = 32;
    private const double Trust = 0.9;

    private readonly Dictionary<(int Length, ulong Hash), Dictionary<int, int>> counts = [];

    public ContextModel(params IEnumerable<string> texts)
    {
        foreach (string text in texts)
        {
            int[] ids = [.. Tokenizer.Encode(text), FimFormat!.EndOfText];
            for (int i = 0; i < ids.Length; i++)
            {
                for (int n = 0; n <= Math.Min(Order, i); n++)
                {
                    var key = Key(ids.AsSpan(0, i), n);
                    if (!counts.TryGetValue(key, out var next))
                        counts[key] = next = [];
                    next[ids[i]] = next.GetValueOrDefault(ids[i]) + 1;
                }
            }
        }
    }

    public override Tokenizer Tokenizer { get; } = new ByteTokenizer();

    public override FimFormat? FimFormat { get; } = ByteTokenizer.Format;

    public override int ContextLength => 4096;

    /// <summary>What was asked of <see cref="Generate"/>, decoded.</summary>
    public List<string> Prompts { get; } = [];

    public override GenerationResult Generate(ReadOnlySpan<int> prompt, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        Prompts.Add(Tokenizer.Decode(prompt));

        // Counting knows nothing of suffixes: what stands before the gap is what it goes on from.
        int suffix = prompt.IndexOf(FimFormat!.Suffix), prefix = prompt.IndexOf(FimFormat.Prefix);
        List<int> ids = suffix >= 0 ? [.. prompt[(prefix + 1)..suffix], .. prompt[FimPrompt.MiddleStart(FimFormat, prompt)..]] : [.. prompt];
        List<int> written = [];
        List<float> logs = [];
        while (written.Count < options.MaxTokens)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double[] p = Next([.. ids]);
            int best = Array.IndexOf(p, p.Max());
            if (options.StopTokens.Contains(best))
                return Result(FinishReason.StopToken);
            ids.Add(best);
            written.Add(best);
            logs.Add((float)Math.Log(p[best]));
            if (options.ShouldStop?.Invoke(Tokenizer.Decode([.. written])) == true)
                return Result(FinishReason.StopRule);
        }

        return Result(FinishReason.Length);

        GenerationResult Result(FinishReason reason) => new(Tokenizer.Decode([.. written]), written, logs, reason, 0);
    }

    public override float[] Score(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        float[] scores = new float[tokens.Length - 1];
        for (int i = 1; i < tokens.Length; i++)
            scores[i - 1] = (float)Math.Log(Next(tokens[..i])[tokens[i]]);
        return scores;
    }

    private double[] Next(ReadOnlySpan<int> before)
    {
        double[] p = new double[Tokenizer.VocabularySize];
        Array.Fill(p, 1.0 / p.Length);
        for (int n = 0; n <= Math.Min(Order, before.Length) && counts.TryGetValue(Key(before, n), out var next); n++)
        {
            double total = next.Values.Sum();
            for (int t = 0; t < p.Length; t++)
                p[t] *= 1 - Trust;
            foreach ((int t, int count) in next)
                p[t] += Trust * count / total;
        }

        return p;
    }

    private static (int Length, ulong Hash) Key(ReadOnlySpan<int> before, int n)
    {
        ulong hash = 0;
        foreach (int id in before[^n..])
            hash = (hash * 1009) + (ulong)id + 1;
        return (n, hash);
    }
}
