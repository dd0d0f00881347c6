using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tests;

namespace CodeTuner.Assist.Tests.Fakes;

/// <summary>A model that says what a test tells it to, token by token, through the embedded model's own tokenizer.</summary>
internal sealed class ScriptedModel : LanguageModel
{
    /// <summary>Ends an answer that has no end: the model would go on, so only a stop rule or the token limit ends it.</summary>
    public const string Endless = "<endless>";

    private static readonly Tokenizer Embedded = TokenizerFile.Load(Path.Combine(Repository.Root, "models", "codetuner-10m", "tokenizer.json"));

    private readonly Func<string, string> answer;

    public ScriptedModel(Func<string, string> answer) => this.answer = answer;

    public ScriptedModel(params string[] answers)
    {
        Queue<string> script = new(answers);
        answer = _ => script.Count > 1 ? script.Dequeue() : script.Count == 1 ? script.Peek() : "";
    }

    /// <summary>The natural-log probability of each generated token.</summary>
    public float LogProbability { get; init; } = -0.5f;

    /// <summary>The natural-log probability of each token that is scored: given the prompt with its sentinels, and what follows the last of them.</summary>
    public Func<string, string, float> Scored { get; init; } = (_, _) => -0.5f;

    /// <summary>What was asked, sentinels spelt out.</summary>
    public List<string> Prompts { get; } = [];

    /// <summary>Overrules <see cref="Scored"/> for a token of the text, where it gives a value.</summary>
    public Func<string, string, float?>? TokenScored { get; init; }

    /// <summary>The natural-log probability of the tokens of a line that is read without a gap.</summary>
    public Func<string, float> LeftToRight { get; init; } = _ => -0.5f;

    /// <summary>The texts that were scored in a gap.</summary>
    public List<string> Judged { get; } = [];

    public override Tokenizer Tokenizer => Embedded;

    public override FimFormat? FimFormat { get; } = FimFormat.Detect(Embedded);

    public override int ContextLength { get; } = 1024;

    public override GenerationResult Generate(ReadOnlySpan<int> prompt, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        Assert.InRange(prompt.Length, 1, ContextLength - 1);
        string asked = Embedded.Decode(prompt);
        Prompts.Add(asked);
        string said = answer(asked);
        bool endless = said.EndsWith(Endless, StringComparison.Ordinal);
        int[] ids = Embedded.Encode(endless ? said[..^Endless.Length] : said, parseSpecial: true);
        List<int> drawn = [];
        GenerationResult Result(FinishReason reason) =>
            new(Embedded.Decode(drawn.ToArray()), drawn, Enumerable.Repeat(LogProbability, drawn.Count).ToArray(), reason, 0);
        foreach (int id in ids)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (options.StopTokens.Contains(id))
                return Result(FinishReason.StopToken);
            drawn.Add(id);
            if (options.ShouldStop?.Invoke(Embedded.Decode(drawn.ToArray())) == true)
                return Result(FinishReason.StopRule);
            if (drawn.Count == options.MaxTokens)
                return Result(FinishReason.Length);
        }

        return Result(endless ? FinishReason.Length : FinishReason.StopToken);
    }

    public override float[] Score(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Assert.InRange(tokens.Length, 2, ContextLength);
        float[] scores = new float[tokens.Length - 1];
        int middle = tokens.LastIndexOf(FimFormat!.Middle) + 1;
        if (middle == 0)
        {
            Read(tokens, scores);
            return scores;
        }

        int end = tokens[^1] == FimFormat.EndOfText ? tokens.Length - 1 : tokens.Length;
        string prompt = Embedded.Decode(tokens[..middle]), text = Embedded.Decode(tokens[middle..end]);
        Judged.Add(text);
        Array.Fill(scores, Scored(prompt, text));
        for (int i = middle; i < end && TokenScored is not null; i++)
            scores[i - 1] = TokenScored(prompt, Embedded.Decode(tokens[i..(i + 1)])) ?? scores[i - 1];
        return scores;
    }
    private void Read(ReadOnlySpan<int> tokens, float[] scores)
    {
        string[] lines = Embedded.Decode(tokens).Split('\n');
        int line = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            string token = Embedded.Decode(tokens[(i + 1)..(i + 2)]);
            line += token.StartsWith('\n') ? token.Count(c => c == '\n') : 0;
            scores[i] = LeftToRight(lines[Math.Min(line, lines.Length - 1)]);
            line += token.StartsWith('\n') ? 0 : token.Count(c => c == '\n');
        }
    }
}
