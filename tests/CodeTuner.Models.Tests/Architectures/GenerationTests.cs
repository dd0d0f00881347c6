using CodeTuner.Models.Architectures;
using CodeTuner.Models.Generation;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Architectures;

/// <summary>What generation promises beyond the right numbers.</summary>
public class GenerationTests
{
    [Fact]
    public void A_reused_prefix_gives_the_same_answer_as_a_fresh_one()
    {
        using CpuBackend backend = new();
        using Decoder decoder = Decoder.Load(Golden.At("models", "llama"), backend);
        using DecoderLanguageModel model = new(decoder, new GoldenModelTests.NoTokenizer(), ownsDecoder: false);
        int[] prompt = [5, 9, 17, 200, 31, 44, 7];
        GenerationOptions options = new() { MaxTokens = 12 };
        GenerationResult first = model.Generate(prompt, options);
        GenerationResult longer = model.Generate([.. prompt, 12, 13], options);
        Assert.Equal(prompt.Length, longer.ReusedPromptTokens);
        GenerationResult again = model.Generate(prompt, options);
        Assert.Equal(prompt.Length - 1, again.ReusedPromptTokens);
        Assert.Equal(first.Tokens, again.Tokens);
        model.ClearCache();
        Assert.Equal(longer.Tokens, model.Generate([.. prompt, 12, 13], options).Tokens);
    }

    [Fact]
    public void Sampling_is_reproducible_and_keeps_to_the_nucleus()
    {
        using CpuBackend backend = new();
        using Decoder decoder = Decoder.Load(Golden.At("models", "llama"), backend);
        using DecoderLanguageModel model = new(decoder, new GoldenModelTests.NoTokenizer(), ownsDecoder: false);
        GenerationOptions warm = new() { MaxTokens = 20, Temperature = 1.5f, Seed = 3 };
        Assert.Equal(model.Generate([1, 2, 3], warm).Tokens, model.Generate([1, 2, 3], warm).Tokens);
        Assert.NotEqual(model.Generate([1, 2, 3], warm).Tokens, model.Generate([1, 2, 3], warm with { Seed = 4 }).Tokens);
        Assert.Equal(
            model.Generate([1, 2, 3], new GenerationOptions { MaxTokens = 20 }).Tokens,
            model.Generate([1, 2, 3], warm with { TopP = 0 }).Tokens);
    }

    [Theory]
    [InlineData(DType.Q8_0)]
    [InlineData(DType.Q4_0)]
    public void Blocks_for_rows_that_are_no_whole_ones_are_refused_by_name(DType type)
    {
        // Its feed-forward layer has 112 columns: three blocks and a half.
        using CpuBackend backend = new();
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => Decoder.Load(Golden.At("models", "llama"), backend, type));
        Assert.Contains(Golden.At("models", "llama"), e.Message, StringComparison.Ordinal);
        Assert.Contains($"mlp.down_proj.weight has rows of 112 elements, which {type} cannot store", e.Message, StringComparison.Ordinal);
        Assert.Contains("f16", e.Message, StringComparison.Ordinal);
    }
}
