using System.Diagnostics;
using CodeTuner.Assist.Context;
using CodeTuner.Models;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Completion;

/// <summary>Fills the place at the cursor.</summary>
/// <param name="model">The model that serves; it must be trained for fill-in-the-middle.</param>
/// <param name="repository">The repository's name.</param>
/// <param name="snippets">Where similar code is looked for, or null.</param>
public sealed class CompletionEngine(LanguageModel model, string repository = "", SnippetIndex? snippets = null)
{
    private const int LineTokens = 32;
    private const int BlockTokens = 96;
    private const int PromptTokens = 512;

    // Around the cursor; more would only blur what is looked for.
    private const int AroundCharacters = 1200;

    /// <summary>Completes, greedily.</summary>
    /// <exception cref="ModelFormatException">The model was not trained for fill-in-the-middle.</exception>
    public CompletionResult Complete(CompletionRequest request, CancellationToken cancellationToken = default)
    {
        FimFormat format = model.FimFormat ?? throw new ModelFormatException("The model was not trained for fill-in-the-middle. Choose another base.");
        Stopwatch clock = Stopwatch.StartNew();
        CompletionStop stop = new(request);
        int tokens = stop.IsMultiline ? BlockTokens : LineTokens;
        string around = request.Prefix[^Math.Min(request.Prefix.Length, AroundCharacters)..] + request.Suffix[..Math.Min(request.Suffix.Length, AroundCharacters / 2)];
        IReadOnlyList<ContextSnippet>? context = snippets?.Find(request.Path, LanguageTable.Of(request.Path), around);
        int[] prompt = FimPrompt.Build(
            format, model.Tokenizer, request.Path, request.Prefix, request.Suffix, Math.Min(PromptTokens, model.ContextLength - tokens - 1), repository, context);
        GenerationOptions options = new() { MaxTokens = tokens, StopTokens = [format.EndOfText], ShouldStop = stop.IsEnough };
        GenerationResult result = model.Generate(prompt, options, cancellationToken);
        double confidence = result.LogProbabilities.Count == 0 ? 0 : result.LogProbabilities.Average();
        return new CompletionResult(
            FimPrompt.WithoutIndentation(request.Prefix, stop.Cut(result.Text)), result.Tokens.Count, clock.Elapsed.TotalMilliseconds, confidence, result.ReusedPromptTokens);
    }
}
