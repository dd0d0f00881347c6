using CodeTuner.Models.Architectures;
using CodeTuner.Models.Hub;
using CodeTuner.Models.Lora;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;

namespace CodeTuner.Compare.Training;

/// <summary>What is trained, and the tokens to train it on: this repository's own files.</summary>
internal sealed class TrainingModel : IDisposable
{
    private const int Steps = 4;

    private readonly string work;
    private readonly bool keep;
    private readonly string folder;
    private readonly string? adapter;
    private readonly int tokensAtOnce;
    private readonly int tokensPerStep;

    private TrainingModel(int tokensAtOnce, int tokensPerStep, string? config, string? workFolder)
    {
        (this.tokensAtOnce, this.tokensPerStep, keep) = (tokensAtOnce, tokensPerStep, workFolder is not null);
        work = workFolder is null ? Directory.CreateTempSubdirectory("codetuner-compare-").FullName : Directory.CreateDirectory(workFolder).FullName;
        if (config is null)
        {
            folder = ModelCatalog.Find(null);
            return;
        }

        folder = work;
        adapter = Path("adapter");
        if (!Directory.Exists(adapter))
            WriteRandom(config);
    }

    /// <summary>The embedded model, all of its weights, in the batches that a tune takes by default.</summary>
    /// <param name="workFolder">Where files go and stay; null for one that goes with this.</param>
    public static TrainingModel Embedded(string? workFolder) => new(2048, 4096, null, workFolder);

    /// <summary>Random weights in the shape of Qwen2.5-Coder-0.5B, with adapters of rank 16 on every linear layer.</summary>
    /// <param name="workFolder">As for <see cref="Embedded"/>.</param>
    public static TrainingModel HalfBillion(string? workFolder) => new(512, 512, """
        {
          "model_type": "qwen2", "hidden_size": 896, "num_hidden_layers": 24, "num_attention_heads": 14, "num_key_value_heads": 2,
          "head_dim": 64, "intermediate_size": 4864, "vocab_size": 151936, "max_position_embeddings": 32768, "rope_theta": 1000000.0,
          "rms_norm_eps": 1e-06, "hidden_act": "silu", "tie_word_embeddings": true, "torch_dtype": "bfloat16"
        }
        """, workFolder);

    /// <summary>A file beside the model's.</summary>
    public string Path(string name) => System.IO.Path.Combine(work, name);

    /// <summary>Steps with rows of a length.</summary>
    public TrainingJob Job(int length, int threads, bool autocast)
    {
        int atOnce = Math.Max(1, tokensAtOnce / length), micro = Math.Max(1, tokensPerStep / (length * atOnce));
        Tokenizer tokenizer = TokenizerFile.Load(System.IO.Path.Combine(ModelCatalog.Find(null), "tokenizer.json"));
        int[] tokens = [.. Samples.Texts().SelectMany(t => tokenizer.Encode(t)).Take(Steps * atOnce * micro * length)];
        return new TrainingJob
        {
            Folder = folder, Adapter = adapter, Rows = [.. tokens.Chunk(length)], RowsAtOnce = atOnce, MicroBatches = micro, Threads = threads, Autocast = autocast,
        };
    }

    public void Dispose()
    {
        if (!keep)
            Directory.Delete(work, recursive: true);
    }

    // In bfloat16, as such models are shared: both sides then start from the very same numbers.
    private void WriteRandom(string config)
    {
        File.WriteAllText(Path("config.json"), config);
        using CpuBackend backend = new();
        using Decoder decoder = Decoder.Random(ModelConfig.Load(Path("config.json")), backend, seed: 1, DType.BFloat16);
        decoder.Save(folder, DType.BFloat16);
        using LoraAdapterSet set = LoraAdapterSet.Create(decoder, new LoraConfig { Rank = 16, Alpha = 32, TargetModules = LoraConfig.AllLinear }, seed: 1);
        set.Save(adapter!);
    }
}
