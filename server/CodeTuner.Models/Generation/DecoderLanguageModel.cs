using System.Diagnostics;
using System.Runtime.InteropServices;
using CodeTuner.Models.Architectures;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Autograd;

namespace CodeTuner.Models.Generation;

/// <summary>The managed decoder as a <see cref="LanguageModel"/>, with a <see cref="PrefixCache"/> of the last prompts.</summary>
/// <param name="decoder">The model; not disposed with this unless <paramref name="ownsDecoder"/>.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="ownsDecoder">Whether to dispose the decoder too.</param>
/// <param name="mostCacheBytes">The most bytes of the cached prompts.</param>
public sealed class DecoderLanguageModel(Decoder decoder, Tokenizer tokenizer, bool ownsDecoder = true, long mostCacheBytes = PrefixCache.DefaultBytes)
    : LanguageModel
{
    private readonly Tape tape = new(decoder.Backend);
    private readonly Speculation speculation = new();
    private float[] logits = new float[decoder.Config.VocabularySize];

    /// <summary>The prompts whose keys and values are in memory.</summary>
    public PrefixCache Prefixes { get; } = new(decoder.Backend, decoder.Config, mostCacheBytes);

    /// <summary>
    /// How many tokens a step of greedy writing works on where what may follow was found in the text, the guessed ones included:
    /// 1 to 8. Null, the default, decides by what was measured. What is written does not depend on it.
    /// </summary>
    public int? DraftRows { get; set; }

    /// <summary>The model underneath.</summary>
    public Decoder Decoder => decoder;

    /// <inheritdoc/>
    public override Tokenizer Tokenizer => tokenizer;

    /// <inheritdoc/>
    public override FimFormat? FimFormat { get; } = FimFormat.Detect(tokenizer);

    /// <inheritdoc/>
    public override int ContextLength => decoder.Config.MaxPositions;

    /// <summary>Reads a model folder.</summary>
    /// <exception cref="ModelFormatException">Something in it is missing, damaged or not supported.</exception>
    public static DecoderLanguageModel Load(string folder, Backend backend, DType? storage = DType.Float32) =>
        Load(folder, ModelConfig.LoadFrom(folder), backend, storage);

    /// <summary>Reads a model folder whose config is known.</summary>
    /// <exception cref="ModelFormatException">Something in it is missing, damaged or not supported.</exception>
    public static DecoderLanguageModel Load(string folder, ModelConfig config, Backend backend, DType? storage)
    {
        Tokenizer tokenizer = TokenizerFile.Load(Path.Combine(folder, "tokenizer.json"));
        Decoder decoder = Decoder.Load(folder, config, backend, storage);
        if (tokenizer.VocabularySize > decoder.Config.VocabularySize)
        {
            decoder.Dispose();
            throw new ModelFormatException(
                $"{folder}: the tokenizer has {tokenizer.VocabularySize} tokens but the model only {decoder.Config.VocabularySize}. They do not belong together.");
        }

        return new DecoderLanguageModel(decoder, tokenizer);
    }

    /// <summary>Forgets the cached prompt: needed after the weights have changed.</summary>
    public void ClearCache() => Prefixes.Clear();

    /// <inheritdoc/>
    public override GenerationResult Generate(ReadOnlySpan<int> prompt, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        if (prompt.Length == 0 || prompt.Length >= ContextLength)
            throw new ArgumentException($"A prompt must have 1 to {ContextLength - 1} tokens, not {prompt.Length}.", nameof(prompt));

        int most = Math.Min(options.MaxTokens, ContextLength - prompt.Length);
        CachedPrefix cached = Prefixes.Take(prompt, most);
        int reused = cached.Tokens.Count, steps = 0;
        List<int> tokens = [];
        List<float> logProbabilities = [];
        System.Text.StringBuilder text = new();
        StreamingDecoder stream = new(tokenizer);
        Sampler sampler = new(options);
        FinishReason? reason = null;
        int mostRows = options.Temperature > 0 ? 1 : Math.Min(Speculation.MostRows, decoder.Backend.IndependentRows);
        List<int> all = [.. prompt];
        speculation.Begin();
        int[] step = new int[Speculation.MostRows];
        ReadOnlySpan<int> next = prompt[reused..], draft = [];
        while (reason is null && tokens.Count < most)
        {
            long start = Stopwatch.GetTimestamp();
            int before = cached.Tokens.Count, taken = next.Length - draft.Length - 1;
            Extend(cached, next, draft.Length + 1, cancellationToken);
            if (steps++ > 0)
                speculation.Took(next.Length, Stopwatch.GetElapsedTime(start));
            try
            {
                // A row holds where the model chose the tokens before it itself. What it did not choose is forgotten: the cache is left
                // as single steps leave it.
                int token;
                int row = 0;
                do
                {
                    if (row > 0)
                        cancellationToken.ThrowIfCancellationRequested();
                    taken++;
                    (token, float logProbability) = sampler.Draw(logits.AsSpan(row * decoder.Config.VocabularySize, decoder.Config.VocabularySize));
                    speculation.Chosen(token);
                    if (options.StopTokens.Contains(token))
                    {
                        reason = FinishReason.StopToken;
                        break;
                    }

                    tokens.Add(token);
                    all.Add(token);
                    logProbabilities.Add(logProbability);
                    text.Append(stream.Push(token));
                    if (options.ShouldStop?.Invoke(text.ToString()) == true)
                        reason = FinishReason.StopRule;
                }
                while (reason is null && row < draft.Length && token == draft[row++]);
            }
            finally
            {
                cached.Truncate(before + taken);
            }

            draft = mostRows > 1 ? speculation.Draft(CollectionsMarshal.AsSpan(all), Math.Min(mostRows, most - tokens.Count), DraftRows) : [];
            step[0] = all[^1];
            draft.CopyTo(step.AsSpan(1));
            next = step.AsSpan(0, draft.Length + 1);
        }

        text.Append(stream.Flush());
        return new GenerationResult(text.ToString(), tokens, logProbabilities, reason ?? FinishReason.Length, reused) { Steps = steps };
    }

    /// <inheritdoc/>
    public override float[] Score(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        if (tokens.Length < 2 || tokens.Length > ContextLength)
            throw new ArgumentException($"Scoring takes 2 to {ContextLength} tokens, not {tokens.Length}.", nameof(tokens));
        int count = tokens.Length - 1;
        float[] losses = new float[count];
        try
        {
            Variable hidden = decoder.Forward(tape, Input(tokens[..count], 0), cancellationToken: cancellationToken);
            Variable loss = tape.LinearCrossEntropy(hidden, decoder.OutputWeight, tape.Integers(tokens[1..]), 1);
            decoder.Backend.Read(loss.Value, losses);
        }
        finally
        {
            tape.Reset();
        }

        for (int i = 0; i < count; i++)
            losses[i] = -losses[i];
        return losses;
    }

    /// <summary>The logits (V) after the last of <paramref name="tokens"/>.</summary>
    public float[] LastLogits(ReadOnlySpan<int> tokens)
    {
        CachedPrefix cached = Prefixes.Take(tokens);
        Extend(cached, tokens[cached.Tokens.Count..], 1, default);
        return logits[..decoder.Config.VocabularySize];
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        Prefixes.Dispose();
        if (ownsDecoder)
            decoder.Dispose();
    }

    // Reads tokens, and takes the logits after each of the last so many.
    private void Extend(CachedPrefix cached, ReadOnlySpan<int> tokens, int rows, CancellationToken cancellationToken)
    {
        int before = cached.Tokens.Count, size = rows * decoder.Config.VocabularySize;
        if (logits.Length < size)
            logits = new float[size];
        try
        {
            Variable hidden = decoder.Forward(tape, Input(tokens, before), cached.Cache, cancellationToken: cancellationToken); // (T, C)
            if (rows < tokens.Length)
                hidden = tape.Gather(hidden, tape.Integers([.. Enumerable.Range(tokens.Length - rows, rows)])); // (rows, C)
            decoder.Backend.Read(decoder.Logits(tape, hidden).Value, logits.AsSpan(0, size));
            cached.Append(tokens);
        }
        finally
        {
            tape.Reset();
            if (cached.Cache.Count != cached.Tokens.Count)
                cached.Truncate(before); // stopped on the way
        }
    }

    private DecoderInput Input(ReadOnlySpan<int> tokens, int firstPosition)
    {
        decoder.EnsurePositions(firstPosition + tokens.Length);
        int[] positions = new int[tokens.Length];
        for (int i = 0; i < positions.Length; i++)
            positions[i] = firstPosition + i;
        return new DecoderInput(tape.Integers(tokens), tape.Integers(positions), null, 1, tokens.Length);
    }
}
