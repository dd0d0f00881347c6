using System.Text.Json;
using CodeTuner.Models.Architectures;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Architectures;

public class GoldenModelTests
{
    [Theory]
    [InlineData("llama", GoldenBackends.Cpu)]
    [InlineData("llama3-rope", GoldenBackends.Cpu)]
    [InlineData("qwen2", GoldenBackends.Cpu)]
    [InlineData("llama", GoldenBackends.Reference)]
    [InlineData("qwen2", GoldenBackends.Reference)]
    [InlineData("llama", GoldenBackends.Deferring)]
    [InlineData("qwen2", GoldenBackends.Deferring)]
    public void Agrees_with_the_reference(string name, string on)
    {
        using Backend backend = GoldenBackends.Create(on);
        using Decoder decoder = GoldenDecoder.Load("models/" + name, backend);
        using DecoderLanguageModel model = new(decoder, new NoTokenizer(), ownsDecoder: false);
        JsonElement cases = Golden.Json("models", name, "cases.json");
        foreach (JsonElement c in cases.GetProperty("logits").EnumerateArray())
        {
            int[] ids = c.GetProperty("ids").Ints();
            AssertClose(c.GetProperty("last_logits").Floats(), model.LastLogits(ids), 1e-3);
            if (c.GetProperty("loss").ValueKind == JsonValueKind.Number)
                Assert.Equal(c.GetProperty("loss").GetDouble(), -model.Score(ids).Average(), 1e-4);
        }

        foreach (JsonElement c in cases.GetProperty("greedy").EnumerateArray())
        {
            int[] wanted = c.GetProperty("continuation").Ints();
            GenerationResult result = model.Generate(c.GetProperty("ids").Ints(), new GenerationOptions { MaxTokens = wanted.Length });
            Assert.Equal(wanted, result.Tokens);
        }
    }

    [Fact]
    public void A_reused_prefix_gives_the_same_answer_as_a_fresh_one()
    {
        using CpuBackend backend = new();
        using Decoder decoder = Decoder.Load(Golden.At("models", "llama"), backend);
        using DecoderLanguageModel model = new(decoder, new NoTokenizer(), ownsDecoder: false);
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
        using DecoderLanguageModel model = new(decoder, new NoTokenizer(), ownsDecoder: false);
        GenerationOptions warm = new() { MaxTokens = 20, Temperature = 1.5f, Seed = 3 };
        Assert.Equal(model.Generate([1, 2, 3], warm).Tokens, model.Generate([1, 2, 3], warm).Tokens);
        Assert.NotEqual(model.Generate([1, 2, 3], warm).Tokens, model.Generate([1, 2, 3], warm with { Seed = 4 }).Tokens);
        Assert.Equal(
            model.Generate([1, 2, 3], new GenerationOptions { MaxTokens = 20 }).Tokens,
            model.Generate([1, 2, 3], warm with { TopP = 0 }).Tokens);
    }

    internal static void AssertClose(float[] wanted, float[] got, double tolerance)
    {
        Assert.Equal(wanted.Length, got.Length);
        for (int i = 0; i < wanted.Length; i++)
            Assert.True(Math.Abs(wanted[i] - got[i]) <= tolerance, $"element {i}: {got[i]} instead of {wanted[i]}");
    }

    /// <summary>The reference models have no tokenizer; their ids are spelt as numbers.</summary>
    internal sealed class NoTokenizer : Tokenizer
    {
        public override int VocabularySize => 320;

        public override int[] Encode(string text, bool parseSpecial = false) => [.. text.Split(' ').Select(int.Parse)];

        public override string Decode(ReadOnlySpan<int> ids, bool skipSpecial = false) => string.Join(' ', ids.ToArray());

        public override ReadOnlySpan<byte> Bytes(int id) => System.Text.Encoding.UTF8.GetBytes(id + " ");

        public override int? TokenId(string token) => null;
    }
}
