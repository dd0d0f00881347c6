using System.Text.Json.Nodes;
using CodeTuner.Tests;

namespace CodeTuner.Cli.Tests;

/// <summary>Model folders that are damaged: each is said with the file's name, and nothing is trained.</summary>
public class BadModelTests
{
    [Theory]
    [InlineData("config.json")]
    [InlineData("tokenizer.json")]
    [InlineData("model.safetensors")]
    public void A_missing_file_is_named(string name)
    {
        using TemporaryFolder folder = new();
        Check(folder, name, "ownload", f => File.Delete(f));
    }

    [Theory]
    [InlineData(3, "its header claims")] // the header's length
    [InlineData(40, "the header is not what safetensors prescribes")]
    public void A_flipped_byte_in_the_header_of_the_weights_is_said(int at, string says)
    {
        using TemporaryFolder folder = new();
        Check(folder, "model.safetensors", says, f =>
        {
            using FileStream file = File.OpenWrite(f);
            file.Position = at;
            file.WriteByte(0xFF);
        });
    }

    [Theory]
    [InlineData(10_000_000, "was cut off")]
    [InlineData(100, "header")]
    [InlineData(0, "too few for a header")]
    public void Weights_that_were_cut_off_are_said(long length, string says)
    {
        using TemporaryFolder folder = new();
        Check(folder, "model.safetensors", says, f =>
        {
            using FileStream file = File.OpenWrite(f);
            file.SetLength(length);
        });
    }

    public static TheoryData<string, string> TokenizerParts => new()
    {
        { """{"normalizer":{"type":"Sparkle"}}""", "Sparkle" },
        { """{"pre_tokenizer":{"type":"Shred"}}""", "Shred" },
        { """{"decoder":{"type":"Enigma"}}""", "Enigma" },
        { """{"model":{"type":"Oracle"}}""", "Oracle" },
        { """{"model":null}""", "tokenizer" },
    };

    [Theory]
    [MemberData(nameof(TokenizerParts))]
    public void Parts_of_a_tokenizer_that_are_not_known_are_named(string changes, string says)
    {
        using TemporaryFolder folder = new();
        Check(folder, "tokenizer.json", says, f => Change(f, changes));
    }

    [Theory]
    [InlineData("config.json", """{"model_type":"mystery"}""", "mystery")]
    [InlineData("config.json", """{"hidden_size":128}""", "do not belong together")]
    [InlineData("config.json", """{"num_hidden_layers":99}""", "tensor")]
    [InlineData("config.json", """{"vocab_size":100}""", "tensor")]
    public void A_config_of_another_model_is_said(string name, string changes, string says)
    {
        using TemporaryFolder folder = new();
        (int code, string errors) = Tune(folder, name, f => Change(f, changes));
        Assert.Equal(1, code);
        Assert.Contains(says, errors, StringComparison.Ordinal);
    }

    private static void Check(TemporaryFolder folder, string name, string says, Action<string> damage)
    {
        (int code, string errors) = Tune(folder, name, damage);
        Assert.Equal(1, code);
        Assert.Contains(Path.Combine(folder.Path, "model"), errors, StringComparison.Ordinal);
        Assert.Contains(name, errors, StringComparison.Ordinal);
        Assert.Contains(says, errors, StringComparison.Ordinal);
    }

    private static (int Code, string Errors) Tune(TemporaryFolder folder, string name, Action<string> damage)
    {
        string model = Path.Combine(folder.Path, "model");
        Directory.CreateDirectory(model);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "models", "codetuner-10m")))
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        damage(Path.Combine(model, name));
        using SampleWorkspace workspace = new(2);
        (int code, string output, string errors) = Cli.Run(workspace.Tune("--model", model));
        Assert.Equal("", output);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        return (code, errors);
    }

    private static void Change(string file, string changes)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
            json[name] = value?.DeepClone();
        File.WriteAllText(file, json.ToJsonString());
    }
}
