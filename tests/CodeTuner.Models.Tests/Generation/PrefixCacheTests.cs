using CodeTuner.Models.Architectures;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Hub;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;

namespace CodeTuner.Models.Tests.Generation;

/// <summary>What is reused of earlier prompts, and that reusing it changes nothing.</summary>
public sealed class PrefixCacheTests : IDisposable
{
    private readonly CpuBackend backend = new(new CpuBackendOptions { Threads = 2 });
    private readonly DecoderLanguageModel model;
    private readonly int[] text;

    public PrefixCacheTests()
    {
        model = DecoderLanguageModel.Load(ModelCatalog.Find(null), backend, DType.BFloat16);
        text = model.Tokenizer.Encode(string.Concat(Enumerable.Range(0, 60).Select(i => $"int value{i} = Read(\"{i * 37}\") + {i};\n")));
    }

    public void Dispose()
    {
        model.Dispose();
        backend.Dispose();
    }

    [Theory]
    [InlineData(100, 100, 99)] // the last is always computed: its logits are wanted
    [InlineData(100, 120, 100)]
    [InlineData(100, 60, 59)]
    public void ReusesWhatBothBeginWith(int first, int second, int reused)
    {
        Run(text[..first]);
        Assert.Equal(reused, Run(text[..second]).ReusedPromptTokens);
    }

    [Fact]
    public void GoingToAndFroFindsBothPrompts()
    {
        int[] a = text[..200], b = [.. text[..40], .. text[300..460]];
        Run(a);
        Assert.Equal(40, Run(b).ReusedPromptTokens); // copied
        Assert.Equal(199, Run(a).ReusedPromptTokens);
        Assert.Equal(199, Run(b).ReusedPromptTokens);
        Assert.Equal(2, model.Prefixes.Count);
    }

    [Fact]
    public void WhatIsReusedGivesTheSameAnswer()
    {
        int[] a = text[..200], b = [.. text[..40], .. text[300..460]], grown = [.. a, .. text[200..215]];
        List<float[]> cold = [.. new[] { a, b, grown }.Select(prompt =>
        {
            model.ClearCache();
            return model.LastLogits(prompt);
        })];
        model.ClearCache();
        List<float[]> warm = [model.LastLogits(a), model.LastLogits(b), model.LastLogits(grown)];
        foreach ((float[] expected, float[] found) in cold.Zip(warm))
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void TheOneNotUsedForLongestGoes()
    {
        ModelConfig config = model.Decoder.Config;
        long one = 8L * config.LayerCount * config.KeyValueHeads * config.HeadSize * 200;
        using PrefixCache cache = new(backend, config, 2 * one);
        int[][] prompts = [text[..200], text[200..400], text[400..600]];
        foreach (int i in (int[])[0, 1, 0, 2])
            Take(cache, prompts[i]);
        Assert.Equal(2, cache.Count);
        Assert.InRange(cache.Bytes, one, 2 * one);
        Assert.Equal(199, cache.Take(prompts[0]).Tokens.Count);
        Assert.Equal(199, cache.Take(prompts[2]).Tokens.Count);
        Assert.InRange(cache.Take(prompts[1]).Tokens.Count, 0, 10);
    }

    [Fact]
    public void TheOneInUseStaysWhereItAloneIsTooLarge()
    {
        using PrefixCache cache = new(backend, model.Decoder.Config, mostBytes: 1);
        Take(cache, text[..200]);
        Assert.Equal(1, cache.Count);
        Assert.Equal(199, cache.Take(text[..200]).Tokens.Count);
    }

    [Fact]
    public void NothingIsLeftAfterClearing()
    {
        Run(text[..100]);
        model.ClearCache();
        Assert.Equal((0, 0L), (model.Prefixes.Count, model.Prefixes.Bytes));
        Assert.Equal(0, Run(text[..100]).ReusedPromptTokens);
    }

    [Fact]
    public void StoppedOnTheWayLeavesWhatIsWhole()
    {
        Run(text[..100]);
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => model.Generate(text[..300], new GenerationOptions { MaxTokens = 1 }, cancelled.Token));
        Assert.Equal(100, Run(text[..200]).ReusedPromptTokens);
    }

    // As a model that has read it would.
    private static void Take(PrefixCache cache, int[] prompt)
    {
        CachedPrefix prefix = cache.Take(prompt);
        int more = prompt.Length - prefix.Tokens.Count;
        prefix.Append(prompt.AsSpan(prefix.Tokens.Count));
        prefix.Cache.Advance(more);
    }

    private GenerationResult Run(int[] prompt) => model.Generate(prompt, new GenerationOptions { MaxTokens = 1 });
}
