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

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("\"gaussian\"")]
    [InlineData("\"orthogonal\"")]
    [InlineData("\"eva\"")]
    public void Takes_beginnings_that_leave_the_base_as_it_is(string beginning) =>
        Assert.Equal(4, Load($"{{\"init_lora_weights\":{beginning}}}").Rank);

    [Fact]
    public void Fields_that_are_not_known_survive()
    {
        LoraConfig config = Load("""{"init_lora_weights":"gaussian","peft_version":"9.9","from_the_future":{"depth":[1,2,{"x":null}]},"revision":"main"}""");
        using TemporaryFolder folder = new();
        string copy = Path.Combine(folder.Path, LoraConfig.FileName);
        (config with { Rank = 2 }).Save(copy);
        JsonObject json = JsonNode.Parse(File.ReadAllText(copy))!.AsObject();
        Assert.Equal("gaussian", json["init_lora_weights"]!.GetValue<string>());
        Assert.Equal("9.9", json["peft_version"]!.GetValue<string>());
        Assert.Equal("main", json["revision"]!.GetValue<string>());
        Assert.Equal("""{"depth":[1,2,{"x":null}]}""", json["from_the_future"]!.ToJsonString());
        Assert.Equal(2, json["r"]!.GetValue<int>()); // what is known is what the config says now
    }

    [Fact]
    public void A_pattern_that_takes_too_long_is_named()
    {
        LoraConfig config = Load("""{"rank_pattern":{"(a+)+b":2}}""");
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => config.RankOf(new string('a', 60)));
        Assert.Contains(LoraConfig.FileName, e.Message, StringComparison.Ordinal);
        Assert.Contains("(a+)+b", e.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "{\"peft_type\":\"IA3\"}", "IA3" },
        { "{\"use_dora\":true}", "use_dora" },
        { "{\"fan_in_fan_out\":true}", "fan_in_fan_out" },
        { "{\"bias\":\"all\"}", "all" },
        { "{\"modules_to_save\":[\"lm_head\"]}", "modules_to_save" },
        { "{\"bias\":\"lora_only\"}", "lora_only" },
        { "{\"init_lora_weights\":\"pissa\"}", "pissa" },
        { "{\"init_lora_weights\":\"pissa_niter_16\"}", "changed when it was made" },
        { "{\"init_lora_weights\":\"olora\"}", "olora" },
        { "{\"init_lora_weights\":\"loftq\"}", "path_initial_model_for_weight_conversion" },
        { "{\"init_lora_weights\":\"corda\"}", "corda" },
        { "{\"init_lora_weights\":\"lora_ga\"}", "lora_ga" },
        { "{\"alora_invocation_tokens\":[1,2]}", "alora_invocation_tokens" },
        { "{\"target_parameters\":[\"mlp.experts\"]}", "target_parameters" },
        { "{\"rank_pattern\":{\"layers.(1\":2}}", "the key \"layers.(1\" of rank_pattern is not a regular expression" },
        { "{\"alpha_pattern\":{\"[z-a]\":2}}", "the key \"[z-a]\" of alpha_pattern is not a regular expression" },
        { "{\"alpha_pattern\":{\"q_proj\":null}}", "has no value" },
        { "{\"rank_pattern\":{\"q_proj\":\"two\"}}", "cannot be read" },
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
