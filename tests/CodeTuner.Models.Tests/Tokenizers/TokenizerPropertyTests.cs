using System.Text;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tests;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Models.Tests.Tokenizers;

public class TokenizerPropertyTests
{
    private static readonly Tokenizer Embedded = TokenizerFile.Load(Path.Combine(Repository.Root, "models", "codetuner-10m", "tokenizer.json"));

    private static readonly string[] Fragments =
    [
        "if (x", " ", "  ", "\n", "\r\n", "\t", "ſ", "'S", "'ſ", "é", "e\u0301", "가", "🙂", "👩‍👩‍👧", "\u00a0", "<|endoftext|>", "<|fim_prefix|>", "𝒜bc", "١٢", "\ud800",
        "\udc00", "foo_Bar9", "=> {", "\0", "\u0085", "ﬁ",
    ];

    [Fact]
    public void Decoding_gives_back_any_text() => Check.QuickThrowOnFailure(Prop.ForAll(Texts(), text =>
        Embedded.Decode(Embedded.Encode(text)) == WithoutLoneSurrogates(text)));

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama3")]
    [InlineData("starcoder2")]
    [InlineData("deepseek-coder")]
    public void Every_family_gives_back_any_text_and_no_sentinel(string family)
    {
        Tokenizer tokenizer = TokenizerFile.Load(Golden.At("tokenizers", family, "tokenizer.json"));
        Check.QuickThrowOnFailure(Prop.ForAll(Texts(), text =>
        {
            int[] ids = tokenizer.Encode(text);
            return tokenizer.Decode(ids, skipSpecial: true) == WithoutLoneSurrogates(text);
        }));
    }

    [Fact]
    public void Streaming_gives_the_same_as_decoding_at_once_and_never_half_a_character() => Check.QuickThrowOnFailure(Prop.ForAll(Texts(), text =>
    {
        int[] ids = Embedded.Encode(text);
        StreamingDecoder stream = new(Embedded);
        StringBuilder joined = new();
        foreach (int id in ids)
        {
            string piece = stream.Push(id);
            if (piece.Length > 0 && char.IsHighSurrogate(piece[^1]))
                return false;
            joined.Append(piece);
        }

        return joined.Append(stream.Flush()).ToString() == Embedded.Decode(ids);
    }));

    [Fact]
    public void Text_never_becomes_a_sentinel_unless_asked() => Check.QuickThrowOnFailure(Prop.ForAll(Texts(), text =>
        Embedded.Encode(text + "<|fim_middle|>").All(id => id > 6)));

    [Fact]
    public void A_character_cut_off_at_the_end_shows_as_a_replacement()
    {
        int[] ids = Embedded.Encode("🙂");
        StreamingDecoder stream = new(Embedded);
        string text = string.Concat(ids[..^1].Select(stream.Push));
        Assert.Equal("", text);
        Assert.Contains('\ufffd', stream.Flush());
    }

    [Fact]
    public void The_embedded_model_has_its_sentinels() =>
        Assert.Equal(new FimFormat(1, 3, 2, 0, 6, 5, 4), FimFormat.Detect(Embedded));

    private static Arbitrary<string> Texts()
    {
        Gen<string> any = ArbMap.Default.GeneratorFor<string>().Select(s => s ?? "");
        Gen<string> mixed = Gen.ListOf(Gen.OneOf(Gen.Elements(Fragments), any)).Select(string.Concat);
        return Gen.OneOf(any, mixed).ToArbitrary();
    }

    private static string WithoutLoneSurrogates(string text) => string.Concat(text.EnumerateRunes());
}
