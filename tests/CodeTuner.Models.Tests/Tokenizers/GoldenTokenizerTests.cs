using System.Text.Json;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Tokenizers;

public class GoldenTokenizerTests
{
    [Theory]
    [InlineData("qwen2")]
    [InlineData("gpt2")]
    [InlineData("llama3")]
    [InlineData("starcoder2")]
    [InlineData("deepseek-coder")]
    public void Agrees_with_the_reference(string style)
    {
        Tokenizer tokenizer = TokenizerFile.Load(Golden.At("tokenizers", style, "tokenizer.json"));
        int cases = 0;
        foreach (JsonElement c in Golden.Json("tokenizers", style, "cases.json").EnumerateArray())
        {
            string text = c.GetProperty("text").GetString()!;
            int[] ids = c.GetProperty("ids").Ints();
            Assert.True(ids.SequenceEqual(tokenizer.Encode(text, parseSpecial: true)), $"{style}: {JsonSerializer.Serialize(text)}");
            Assert.Equal(c.GetProperty("ids_with_special").Ints(), tokenizer.EncodeWithSpecial(text));
            Assert.Equal(c.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
            cases++;
        }

        Assert.True(cases > 50);
    }
}
