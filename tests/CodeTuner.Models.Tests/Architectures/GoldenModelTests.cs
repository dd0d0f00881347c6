using System.Text.Json;
using CodeTuner.Models.Architectures;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tensors;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Architectures;

public class GoldenModelTests
{
    [GoldenTheory]
    [MemberData(nameof(GoldenBackends.Models), MemberType = typeof(GoldenBackends))]
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
