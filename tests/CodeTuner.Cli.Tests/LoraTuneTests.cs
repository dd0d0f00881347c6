using System.Diagnostics;
using System.Text.Json;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Models.Checkpoints.Gguf;
using CodeTuner.Tests;

namespace CodeTuner.Cli.Tests;

/// <summary>Adapters by the command line: trained, killed, resumed, saved for PEFT, merged, promoted and served.</summary>
public class LoraTuneTests
{
    private const int Rank = 3;

    [Fact]
    public void An_adapter_is_trained_resumed_merged_promoted_and_served()
    {
        using SampleWorkspace workspace = new();
        using (Process process = Cli.Start(workspace.Tune(
            "--method", "lora", "--rank", $"{Rank}", "--steps", "12", "--learning-rate", "1e-2", "--evaluate-every", "4", "--patience", "99")))
        {
            workspace.WaitForSteps(process, 6);
            Cli.Signal(process, "KILL");
            process.WaitForExit();
        }

        List<double> before = workspace.Losses();
        (int code, string output, string errors) = Cli.Run("tune", workspace.Root, "--state", workspace.State, "--threads", "1", "--resume", "--json");
        Assert.True(code == 0, errors);
        List<double> all = workspace.Losses();
        Assert.Equal(12, all.Count);
        Assert.Equal(before, all[..before.Count]);

        using JsonDocument json = JsonDocument.Parse(output);
        string folder = json.RootElement.GetProperty("folder").GetString()!, run = json.RootElement.GetProperty("run").GetString()!;
        using (JsonDocument config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "adapter", "adapter_config.json"))))
        {
            Assert.Equal("LORA", config.RootElement.GetProperty("peft_type").GetString());
            Assert.Equal(Rank, config.RootElement.GetProperty("r").GetInt32());
            Assert.Equal(2 * Rank, config.RootElement.GetProperty("lora_alpha").GetDouble());
            Assert.Equal(7, config.RootElement.GetProperty("target_modules").GetArrayLength());
        }

        CheckMerged(folder, "model.layers.0.self_attn.q_proj");
        CheckMerged(folder, "model.layers.1.mlp.down_proj");

        string[] at = ["--workspace", workspace.Root, "--state", workspace.State];
        Assert.Equal(0, Cli.Run(["runs", "promote", run, .. at]).Code);
        (string text, double probability) = Complete(at, "promoted");
        Assert.Equal((text, probability), Complete(at, run));
        Assert.NotEqual(probability, Complete(at, "base").LogProbability);

        string exported = Path.Combine(workspace.State, "exported");
        Assert.Equal(0, Cli.Run(["runs", "export", run, exported, .. at]).Code);
        Assert.True(File.Exists(Path.Combine(exported, "adapter", "adapter_model.safetensors")));
        CheckGguf(folder, Path.Combine(workspace.State, "gguf"), run, at);
    }

    [Fact]
    public void An_adapter_over_a_base_in_four_bits_is_merged_into_the_base_s_own_weights()
    {
        using SampleWorkspace workspace = new();
        (int code, string output, string errors) = Cli.Run(workspace.Tune(
            "--base-dtype", "q4_0", "--rank", $"{Rank}", "--steps", "8", "--learning-rate", "1e-2", "--json"));
        Assert.True(code == 0, errors);
        using JsonDocument json = JsonDocument.Parse(output);
        string folder = json.RootElement.GetProperty("folder").GetString()!;
        using JsonDocument recipe = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "recipe.json")));
        Assert.Equal("Q4_0", recipe.RootElement.GetProperty("baseStorage").GetString());
        Assert.Equal("Lora", recipe.RootElement.GetProperty("method").GetString()); // nothing else can be trained over such a base
        Assert.Contains("Lora over a base in q4_0", File.ReadAllText(Path.Combine(folder, "report.md")), StringComparison.Ordinal);
        CheckMerged(folder, "model.layers.0.self_attn.q_proj");
        CheckMerged(folder, "model.layers.1.mlp.down_proj");
    }

    [Fact]
    public void All_weights_of_a_base_in_blocks_are_not_trained()
    {
        using SampleWorkspace workspace = new();
        (int code, _, string errors) = Cli.Run(workspace.Tune("--method", "full", "--base-dtype", "q8_0"));
        Assert.Equal(1, code);
        Assert.Contains("q8_0 can only be tuned with adapters", errors, StringComparison.Ordinal);
    }

    // The GGUF file has the adapter merged in.
    private static void CheckGguf(string folder, string exported, string run, string[] at)
    {
        string file = Path.Combine(exported, run + ".gguf");
        Assert.Equal(2, Cli.Run(["runs", "export", run, exported, "--type", "bf16", .. at]).Code);
        Assert.Equal(0, Cli.Run(["runs", "export", run, exported, "--format", "gguf", "--type", "bf16", .. at]).Code);
        Assert.True(File.Exists(Path.Combine(exported, "README.md")));
        using GgufFile gguf = new(file);
        using SafetensorsFile model = new(Path.Combine(folder, "model", "model.safetensors"));
        Assert.Equal(model.Bytes("model.layers.1.mlp.down_proj.weight").ToArray(), gguf.Bytes("blk.1.ffn_down.weight").ToArray());
        Assert.Equal(run, gguf.Get<string>("general.name"));
    }

    // The merged weight is W + α/r · B·A, rounded to bfloat16, and its adapter is in PEFT's layout.
    private static void CheckMerged(string folder, string layer)
    {
        using SafetensorsFile before = new(Path.Combine(Repository.Root, "models", "codetuner-10m", "model.safetensors"));
        using SafetensorsFile after = new(Path.Combine(folder, "model", "model.safetensors"));
        using SafetensorsFile adapter = new(Path.Combine(folder, "adapter", "adapter_model.safetensors"));
        string a = $"base_model.model.{layer}.lora_A.weight", b = $"base_model.model.{layer}.lora_B.weight", weight = layer + ".weight";
        int rows = (int)before.Entries[weight].Shape[0], columns = (int)before.Entries[weight].Shape[1];
        Assert.Equal([Rank, columns], adapter.Entries[a].Shape);
        Assert.Equal([rows, Rank], adapter.Entries[b].Shape);
        float[] was = before.Floats(weight), merged = after.Floats(weight), down = adapter.Floats(a), up = adapter.Floats(b);
        double largest = 0;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double update = 0;
                for (int r = 0; r < Rank; r++)
                    update += 2.0 * up[(i * Rank) + r] * down[(r * columns) + j];
                double wanted = was[(i * columns) + j] + update;
                Assert.InRange(merged[(i * columns) + j], wanted - (Math.Abs(wanted) / 200) - 1e-6, wanted + (Math.Abs(wanted) / 200) + 1e-6);
                largest = Math.Max(largest, Math.Abs(update));
            }
        }

        Assert.True(largest > 1e-3, "the adapter changes nothing: the test shows nothing");
    }

    private static (string Text, double LogProbability) Complete(string[] at, string checkpoint)
    {
        const string Case = """{"path":"orders/part3.py","prefix":"def order_3_9(customer_9, amount_3):\n    total = ","suffix":"\n"}""";
        (int code, string output, string errors) = Cli.RunWith(Case, ["complete", "--checkpoint", checkpoint, "--json", .. at]);
        Assert.True(code == 0, errors);
        using JsonDocument json = JsonDocument.Parse(output);
        return (json.RootElement.GetProperty("text").GetString()!, json.RootElement.GetProperty("logprob").GetDouble());
    }
}
