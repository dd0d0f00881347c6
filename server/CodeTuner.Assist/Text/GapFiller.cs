using CodeTuner.Models;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Assist.Text;

/// <summary>Asks a model to fill a gap or to say how probable a filling is: the one objective behind every feature.</summary>
internal sealed class GapFiller
{
    private const int LeastPrompt = 16;

    private readonly LanguageModel model;
    private readonly FimFormat format;
    private readonly string repository;
    private readonly int promptTokens;

    /// <summary>A filler.</summary>
    /// <param name="model">The model.</param>
    /// <param name="repository">The repository's name, shown where there are other files.</param>
    /// <param name="promptTokens">The most tokens of a prompt; less where the model's context is short.</param>
    /// <exception cref="ModelFormatException">The model was not trained for fill-in-the-middle.</exception>
    public GapFiller(LanguageModel model, string repository, int promptTokens)
    {
        this.model = model;
        this.repository = repository;
        this.promptTokens = promptTokens;
        format = model.FimFormat ?? throw new ModelFormatException("The model was not trained for fill-in-the-middle. Choose another base.");
    }

    /// <summary>Whether the model can be shown other files.</summary>
    public bool KnowsFiles => format.FileSeparator is not null;

    /// <summary>The most tokens of a prompt that leaves room for <paramref name="maxTokens"/>.</summary>
    public int Room(int maxTokens) => Math.Min(promptTokens, model.ContextLength - maxTokens - 1);

    /// <summary>How to draw where the most probable answer is not wanted.</summary>
    /// <param name="Seed">The same seed gives the same answer.</param>
    public sealed record Draw(ulong Seed)
    {
        public float Temperature { get; init; } = 0.7f;

        public float TopP { get; init; } = 0.9f;
    }

    /// <summary>Fills the gap: greedily, or by chance where <paramref name="draw"/> says so.</summary>
    /// <returns>The model's own words, line ends unified; empty where the model's context is too short for a prompt.</returns>
    public GenerationResult Fill(
        string path, string prefix, string suffix, int maxTokens, Func<string, bool> shouldStop, IReadOnlyList<ContextSnippet>? context,
        CancellationToken cancellationToken, Draw? draw = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        maxTokens = Math.Clamp(maxTokens, 1, Math.Max(1, model.ContextLength / 2));
        int room = Room(maxTokens);
        if (room < LeastPrompt)
            return new GenerationResult("", [], [], FinishReason.Length, 0);
        int[] prompt = FimPrompt.Build(format, model.Tokenizer, path, prefix, suffix, room, repository, context);
        GenerationOptions options = new()
        {
            MaxTokens = maxTokens, StopTokens = format.StopTokens, ShouldStop = text => shouldStop(LineEnds.Unify(text)),
            Temperature = draw?.Temperature ?? 0, TopP = draw?.TopP ?? 1, Seed = draw?.Seed ?? 0,
        };
        GenerationResult result = model.Generate(prompt, options, cancellationToken);
        return result with { Text = LineEnds.Unify(result.Text) };
    }

    /// <summary>The natural-log probability of each token of <paramref name="middle"/> in the gap.</summary>
    /// <param name="path">The document's path.</param>
    /// <param name="prefix">What stands before the gap.</param>
    /// <param name="middle">What is judged.</param>
    /// <param name="suffix">What stands after the gap.</param>
    /// <param name="ends">Whether the gap ends there: then the token that ends it is scored too.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The tokens with their probabilities; none where the middle does not fit.</returns>
    public ScoredText Score(string path, string prefix, string middle, string suffix, bool ends, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int[] ids = [.. model.Tokenizer.Encode(middle), .. ends ? [format.EndOfText] : (ReadOnlySpan<int>)[]];
        int room = Room(ids.Length);
        if (room < LeastPrompt || middle.Length == 0)
            return ScoredText.None;
        int[] prompt = FimPrompt.Build(format, model.Tokenizer, path, prefix, suffix, room);
        float[] scores = model.Score([.. prompt, .. ids], cancellationToken);
        return ScoredText.Of(model.Tokenizer, ids, scores.AsSpan(scores.Length - ids.Length));
    }

    /// <summary>The natural-log probability of each token of a text that is read from left to right.</summary>
    /// <param name="path">The document's path.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The first tokens, as many as the model's context holds.</returns>
    public ScoredText Read(string path, string text, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int[] header = format.FileSeparator is { } separator ? [separator, .. model.Tokenizer.Encode(path + "\n")] : [format.EndOfText];
        if (header.Length > model.ContextLength / 4)
            header = header[..1];
        int[] ids = model.Tokenizer.Encode(text);
        ids = ids[..Math.Min(ids.Length, model.ContextLength - header.Length)];
        if (ids.Length == 0)
            return ScoredText.None;
        float[] scores = model.Score([.. header, .. ids], cancellationToken);
        return ScoredText.Of(model.Tokenizer, ids, scores.AsSpan(header.Length - 1));
    }
}
