using System.Text.Json;

namespace CodeTuner.Compare.Training;

/// <summary>What both sides train: written as JSON for them.</summary>
internal sealed record TrainingJob
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The model's folder, in Hugging Face's layout.</summary>
    public required string Folder { get; init; }

    /// <summary>A folder with an adapter in PEFT's layout to train; null to train all weights.</summary>
    public string? Adapter { get; init; }

    /// <summary>The tokens, row by row; each position but a row's last has to predict the next. After the last row comes the first again.</summary>
    public required int[][] Rows { get; init; }

    /// <summary>Rows of a micro-batch.</summary>
    public required int RowsAtOnce { get; init; }

    /// <summary>Micro-batches of a step.</summary>
    public required int MicroBatches { get; init; }

    /// <summary>Threads of each side.</summary>
    public required int Threads { get; init; }

    /// <summary>The learning rate.</summary>
    public double Rate { get; init; } = 1e-4;

    /// <summary>Whether the peer multiplies in bfloat16 (<c>torch.autocast</c>).</summary>
    public bool Autocast { get; init; }

    /// <summary>Tokens of a step.</summary>
    public int TokensPerStep => Rows[0].Length * RowsAtOnce * MicroBatches;

    public static TrainingJob Load(string path) => JsonSerializer.Deserialize<TrainingJob>(File.ReadAllBytes(path), Json)!;

    public void Save(string path) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, Json));
}
