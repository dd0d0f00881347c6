using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Models.Generation;

/// <summary>
/// The seam of serving: something that tokenises, generates after a prompt and scores text.
/// The managed decoder is one; a native runtime or a remote server can be others.
/// </summary>
/// <remarks>One caller at a time; the callers' scheduler sees to that.</remarks>
public abstract class LanguageModel : IDisposable
{
    /// <summary>The tokenizer the model was trained with.</summary>
    public abstract Tokenizer Tokenizer { get; }

    /// <summary>The sentinels of fill-in-the-middle, or null where the base was not trained for it.</summary>
    public abstract FimFormat? FimFormat { get; }

    /// <summary>The most tokens that prompt and answer may have together.</summary>
    public abstract int ContextLength { get; }

    /// <summary>Writes on from <paramref name="prompt"/>, reusing what is cached of an earlier prompt with the same beginning.</summary>
    /// <param name="prompt">Token ids, at least one and fewer than <see cref="ContextLength"/>.</param>
    /// <param name="options">How to draw and when to stop.</param>
    /// <param name="cancellationToken">Checked before each token.</param>
    /// <exception cref="ArgumentException">The prompt is empty or does not fit.</exception>
    public abstract GenerationResult Generate(ReadOnlySpan<int> prompt, GenerationOptions options, CancellationToken cancellationToken = default);

    /// <summary>
    /// The natural-log probability of each token after those before it:
    /// element i is log p(tokens[i+1] | tokens[..i+1]), so one fewer than <paramref name="tokens"/>.
    /// </summary>
    /// <param name="tokens">Token ids, at least two and at most <see cref="ContextLength"/>.</param>
    /// <param name="cancellationToken">Checked between layers.</param>
    public abstract float[] Score(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the model holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
