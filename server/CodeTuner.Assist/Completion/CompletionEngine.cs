using CodeTuner.Assist.Context;
using CodeTuner.Models;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Completion;

/// <summary>Fills the place at the cursor. One caller at a time, as its model asks.</summary>
/// <param name="model">The model that serves; it must be trained for fill-in-the-middle.</param>
/// <param name="repository">The repository's name.</param>
/// <param name="context">Where other files' code is looked for, or null.</param>
/// <param name="options">How much a completion may take.</param>
/// <param name="time">The clock.</param>
/// <param name="anchors">What stays of a file's prompts from one completion to the next; null begins anew.</param>
public sealed class CompletionEngine(
    LanguageModel model, string repository = "", WorkspaceContext? context = null, CompletionOptions? options = null, TimeProvider? time = null,
    PromptAnchors? anchors = null)
{
    private readonly PromptAnchors anchors = anchors ?? new PromptAnchors();
    private readonly CompletionOptions options = options ?? new CompletionOptions();
    private readonly TimeProvider time = time ?? TimeProvider.System;

    /// <summary>Completes, greedily.</summary>
    /// <param name="request">Where.</param>
    /// <param name="cancellationToken">Stops it before the next token.</param>
    /// <exception cref="ModelFormatException">The model was not trained for fill-in-the-middle.</exception>
    public CompletionResult Complete(CompletionRequest request, CancellationToken cancellationToken = default)
    {
        FimFormat format = model.FimFormat ?? throw new ModelFormatException("The model was not trained for fill-in-the-middle. Choose another base.");
        long start = time.GetTimestamp();
        if (CursorPlace.SplitsCharacter(request.Prefix, request.Suffix))
            return new CompletionResult("", 0, 0, 0, 0);
        CursorPlace place = new(request);
        CompletionStop stop = new(place, options.MaxLines, () => time.GetElapsedTime(start) >= options.TimeBudget);
        int tokens = Math.Min(stop.IsMultiline ? options.BlockTokens : options.LineTokens, model.ContextLength / 2);
        (int gap, IReadOnlyList<ContextSnippet>? others) = anchors.For(
            request, context?.Version(except: request.Path) ?? 0,
            () => context?.Find(request.Path, LanguageTable.Of(request.Path), request.Prefix, request.Suffix));
        int[] prompt = FimPrompt.Build(
            format, model.Tokenizer, request.Path, request.Prefix, request.Suffix, Math.Min(options.PromptTokens, model.ContextLength - tokens - 1), repository, others, gap);
        GenerationOptions generation = new() { MaxTokens = tokens, StopTokens = format.StopTokens, ShouldStop = stop.IsEnough };
        GenerationResult result = model.Generate(prompt, generation, cancellationToken);
        string kept = stop.Cut(result.Text, result.FinishReason != FinishReason.Length);
        string text = FimPrompt.WithoutIndentation(request.Prefix, FileIndentation.Of(request.Prefix, request.Suffix).Apply(kept, place.Indentation));
        if (place.UsesCarriageReturns)
            text = text.Replace("\n", "\r\n", StringComparison.Ordinal);
        return new CompletionResult(
            text, result.Tokens.Count, time.GetElapsedTime(start).TotalMilliseconds, text.Length == 0 ? 0 : Confidence(result, kept.Length),
            result.ReusedPromptTokens, result.FinishReason != FinishReason.Length);
    }

    // What was cut away does not count.
    private double Confidence(GenerationResult result, int length)
    {
        StreamingDecoder decoder = new(model.Tokenizer);
        double sum = 0;
        int count = 0, characters = 0;
        while (count < result.Tokens.Count && (characters < length || count == 0))
        {
            characters += decoder.Push(result.Tokens[count]).Length;
            sum += result.LogProbabilities[count++];
        }

        return count == 0 ? 0 : sum / count;
    }
}
