using System.Text.Json.Nodes;
using CodeTuner.Models.Lora;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Checkpoints;

public class AdapterConfigTests
{
    public static TheoryData<string, string, int, double> Layers => new()
    {
        { "standard", "model.layers.0.mlp.up_proj", 4, 2 },
        { "rslora", "model.layers.0.self_attn.q_proj", 8, 16 / Math.Sqrt(8) },
        { "patterns", "model.layers.0.self_attn.q_proj", 4, 2 },
        { "patterns", "model.layers.1.self_attn.q_proj", 2, 4 },
        { "patterns", "model.layers.11.self_attn.q_proj", 4, 2 }, // layers.1 is not the end of a name that holds layers.11
        { "patterns", "model.layers.2.mlp.down_proj", 4, 8 },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Gives_each_layer_its_rank_and_scale(string adapter, string module, int rank, double scale)
    {
        LoraConfig config = LoraConfig.Load(Golden.At("adapters", adapter, LoraConfig.FileName));
        Assert.True(config.Targets(module));
        Assert.Equal(rank, config.RankOf(module));
        Assert.Equal(scale, config.ScaleOf(module), 12);
    }

    public static TheoryData<string, string, bool> Keys => new()
    {
        { "q_proj", "model.layers.0.self_attn.q_proj", true },
        { "q_proj", "q_proj", true },
        { "q_proj", "model.layers.0.self_attn.xq_proj", false },
        { "q_proj", "model.layers.0.q_proj.more", false },
        { "layers\\\\.[01]\\\\..*q_proj", "model.layers.1.self_attn.q_proj", true },
        { "layers\\\\.[01]\\\\..*q_proj", "model.layers.2.self_attn.q_proj", false },
        { "q_proj|k_proj", "model.layers.2.self_attn.k_proj", true },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public void Matches_pattern_keys_as_PEFT_does(string key, string module, bool matches) =>
        Assert.Equal(matches ? 3 : 4, Load($"{{\"rank_pattern\":{{\"{key}\":3}}}}").RankOf(module));

    [Theory]
    [InlineData("standard")]
    [InlineData("rslora")]
    [InlineData("patterns")]
    public void Comes_back_as_it_was_written(string adapter)
    {
        LoraConfig config = LoraConfig.Load(Golden.At("adapters", adapter, LoraConfig.FileName));
        using TemporaryFolder folder = new();
        string copy = Path.Combine(folder.Path, LoraConfig.FileName);
        config.Save(copy);
        LoraConfig again = LoraConfig.Load(copy);
        Assert.Equal((config.Rank, config.Alpha, config.UseRsLora, config.Dropout), (again.Rank, again.Alpha, again.UseRsLora, again.Dropout));
        Assert.Equal(config.TargetModules, again.TargetModules);
        Assert.Equal(config.RankPattern, again.RankPattern);
        Assert.Equal(config.AlphaPattern, again.AlphaPattern);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "{\"peft_type\":\"IA3\"}", "IA3" },
        { "{\"use_dora\":true}", "use_dora" },
        { "{\"fan_in_fan_out\":true}", "fan_in_fan_out" },
        { "{\"bias\":\"all\"}", "all" },
        { "{\"modules_to_save\":[\"lm_head\"]}", "modules_to_save" },
        { "{\"r\":0}", "below 1" },
        { "{\"r\":null}", "rank" },
        { "{\"rank_pattern\":{\"q_proj\":0}}", "below 1" },
        { "{\"target_modules\":null}", "target_modules" },
        { "{\"target_modules\":7}", "cannot be read" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refuses_what_it_cannot_apply(string changes, string says)
    {
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => Load(changes));
        Assert.Contains(LoraConfig.FileName, e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    private static LoraConfig Load(string changes)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(Golden.At("adapters", "standard", LoraConfig.FileName)))!.AsObject();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
            json[name] = value?.DeepClone();
        using TemporaryFolder folder = new();
        return LoraConfig.Load(folder.File(LoraConfig.FileName, json.ToJsonString()));
    }
}
