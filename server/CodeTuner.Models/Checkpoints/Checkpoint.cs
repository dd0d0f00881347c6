using System.Text.Json;

namespace CodeTuner.Models.Checkpoints;

/// <summary>The weights of a Hugging Face model folder: one <c>model.safetensors</c>, or shards with an index.</summary>
public sealed class Checkpoint : IDisposable
{
    private const string SingleName = "model.safetensors";
    private const string IndexName = "model.safetensors.index.json";

    private readonly Dictionary<string, string> shardOf;
    private readonly Dictionary<string, SafetensorsFile> open = new(StringComparer.Ordinal);

    private Checkpoint(string folder, Dictionary<string, string> shardOf) => (Folder, this.shardOf) = (folder, shardOf);

    /// <summary>The model's folder.</summary>
    public string Folder { get; }

    /// <summary>The names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => shardOf.Keys;

    /// <summary>Opens a model folder's weights.</summary>
    /// <exception cref="ModelFormatException">Files are missing or damaged.</exception>
    public static Checkpoint Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ModelFormatException($"There is no model folder {folder}. Check the path.");
        string index = Path.Combine(folder, IndexName), single = Path.Combine(folder, SingleName);
        if (!File.Exists(single))
        {
            // Where both are there, transformers takes the single file too.
            return File.Exists(index) ? new Checkpoint(folder, ReadIndex(folder, index)) : throw NoWeights(folder);
        }

        SafetensorsFile file = new(single);
        Checkpoint checkpoint = new(folder, file.Entries.Keys.ToDictionary(n => n, _ => SingleName, StringComparer.Ordinal));
        checkpoint.open[SingleName] = file;
        return checkpoint;
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Has(string name) => shardOf.ContainsKey(name);

    /// <summary>The file that holds a tensor; opened once.</summary>
    /// <exception cref="ModelFormatException">No file of this model holds it.</exception>
    public SafetensorsFile FileOf(string name)
    {
        if (!shardOf.TryGetValue(name, out string? shard))
            throw new ModelFormatException($"The model in {Folder} lacks the tensor {name}, which its config.json calls for. Download or export it again.");
        lock (open)
        {
            if (!open.TryGetValue(shard, out SafetensorsFile? file))
                open[shard] = file = new SafetensorsFile(Path.Combine(Folder, shard));
            return file;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (open)
        {
            foreach (SafetensorsFile file in open.Values)
                file.Dispose();
            open.Clear();
        }
    }

    private static ModelFormatException NoWeights(string folder)
    {
        string[] other = [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Where(f => f.EndsWith(".bin", StringComparison.Ordinal)
            || f.EndsWith(".pt", StringComparison.Ordinal) || f.EndsWith(".gguf", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        string remedy = other.Length > 0
            ? $"It has {other[0]}, which is of another format; export the model as safetensors (save_pretrained in transformers does)."
            : "Download or export the model again.";
        return new ModelFormatException($"The model folder {folder} has neither {SingleName} nor {IndexName}. {remedy}");
    }

    private static Dictionary<string, string> ReadIndex(string folder, string index)
    {
        Dictionary<string, string> shards = new(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(index));
            foreach (JsonProperty property in document.RootElement.GetProperty("weight_map").EnumerateObject())
                shards[property.Name] = property.Value.GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ModelFormatException($"{index} is not a shard index ({e.Message}). Download the model again.", e);
        }

        foreach (string shard in shards.Values.Distinct())
        {
            if (Path.GetFileName(shard) != shard || shard.Length == 0)
                throw new ModelFormatException($"{index} names the shard \"{shard}\", which is not a file of this folder. Download the model again.");
            if (!File.Exists(Path.Combine(folder, shard)))
                throw new ModelFormatException($"The shard {shard} that {index} names is missing. Download the model again.");
        }

        return shards;
    }
}
