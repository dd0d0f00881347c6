using System.Text.Json.Nodes;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Checkpoints;

public class CheckpointTests
{
    private const string Index = "model.safetensors.index.json";

    [Theory]
    [InlineData("llama", "lm_head.weight")]
    [InlineData("qwen2", "model.layers.0.self_attn.k_proj.bias")]
    public void Finds_tensors_in_one_file_and_in_shards(string model, string tensor)
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.At("models", model));
        Assert.True(checkpoint.Has(tensor));
        Assert.False(checkpoint.Has("nothing"));
        foreach (string name in checkpoint.Names)
            Assert.Equal(checkpoint.FileOf(name).Entries[name].Count, checkpoint.FileOf(name).Floats(name).Length);
    }

    [Fact]
    public void Names_the_tensor_that_is_missing()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.At("models", "llama"));
        Assert.Contains("nothing", Assert.Throws<ModelFormatException>(() => checkpoint.FileOf("nothing")).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Indices => new()
    {
        { "{}", Index },
        { "[", Index },
        { "{\"weight_map\":[]}", Index },
        { "{\"weight_map\":{\"a\":1}}", Index },
        { "{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\"}}", "model-00001-of-00002.safetensors" },
        { "{\"weight_map\":{\"a\":\"../elsewhere.safetensors\"}}", "elsewhere" },
        { "{\"weight_map\":{\"a\":\"\"}}", Index },
        { "{\"weight_map\":{\"a\":\"..\"}}", Index },
    };

    [Theory]
    [MemberData(nameof(Indices))]
    public void Refuses_an_index_that_is_damaged_or_leads_elsewhere(string index, string says)
    {
        using TemporaryFolder folder = new();
        folder.File(Index, index);
        RefusesWith(folder.Path, says);
    }

    [Fact]
    public void Names_a_shard_that_is_missing_and_a_tensor_that_its_shard_lacks()
    {
        using TemporaryFolder folder = new();
        foreach (string file in Directory.GetFiles(Golden.At("models", "llama")))
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        string indexPath = Path.Combine(folder.Path, Index);
        JsonNode index = JsonNode.Parse(File.ReadAllText(indexPath))!;
        index["weight_map"]!["invented"] = "model-00002-of-00005.safetensors";
        File.WriteAllText(indexPath, index.ToJsonString());
        using (Checkpoint checkpoint = Checkpoint.Open(folder.Path))
            Assert.Contains("invented", Assert.Throws<ModelFormatException>(() => checkpoint.FileOf("invented").Bytes("invented").Length).Message, StringComparison.Ordinal);

        File.Delete(Path.Combine(folder.Path, "model-00003-of-00005.safetensors"));
        RefusesWith(folder.Path, "model-00003-of-00005.safetensors");
    }

    [Theory]
    [InlineData(null, "Download or export")]
    [InlineData("pytorch_model.bin", "pytorch_model.bin")]
    [InlineData("model.Q8_0.gguf", "model.Q8_0.gguf")]
    public void Says_what_a_folder_without_weights_has_instead(string? file, string says)
    {
        using TemporaryFolder folder = new();
        if (file is not null)
            folder.File(file, "");
        RefusesWith(folder.Path, says);
    }

    [Fact]
    public void Says_that_the_folder_is_missing() => RefusesWith(Path.Combine(Path.GetTempPath(), "no-such-model-folder"), "no model folder");

    private static void RefusesWith(string folder, string says)
    {
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => Checkpoint.Open(folder).Dispose());
        Assert.Contains(folder, e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }
}
