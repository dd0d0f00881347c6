using CodeTuner.Models.Architectures;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Autograd;

namespace CodeTuner.Models.Lora;

/// <summary>The low-rank updates of a decoder's linear layers; saved and loaded in PEFT's layout.</summary>
public sealed class LoraAdapterSet : IDisposable
{
    /// <summary>The weights' file in an adapter's folder.</summary>
    public const string FileName = "adapter_model.safetensors";

    private readonly Decoder decoder;
    private readonly List<(LinearLayer Layer, LoraAdapter Adapter)> adapters = [];

    private LoraAdapterSet(Decoder decoder, LoraConfig config) => (this.decoder, Config) = (decoder, config);

    /// <summary>Ranks, strengths and targets.</summary>
    public LoraConfig Config { get; }

    /// <summary>Whether the updates are added into the base weights at present.</summary>
    public bool IsMerged { get; private set; }

    /// <summary>All matrices A and B, in the layers' order.</summary>
    public IEnumerable<Parameter> Parameters => adapters.SelectMany(a => new[] { a.Adapter.A, a.Adapter.B });

    /// <summary>New updates that change nothing yet: A uniform in ±1/√in, B zero (PEFT's initialisation).</summary>
    /// <exception cref="ArgumentException">No layer of the model matches the targets.</exception>
    public static LoraAdapterSet Create(Decoder decoder, LoraConfig config, ulong seed)
    {
        RandomSequence random = new(seed);
        LoraAdapterSet set = new(decoder, config);
        foreach (LinearLayer layer in set.TargetLayers())
        {
            set.Attach(layer, shape =>
            {
                float[] values = new float[shape.Count];
                double bound = 1 / Math.Sqrt(shape[1]);
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)(((2 * random.NextDouble()) - 1) * bound);
                return values;
            }, shape => new float[shape.Count]);
        }

        return set;
    }

    /// <summary>Reads an adapter's folder and attaches it.</summary>
    /// <exception cref="ModelFormatException">It is missing, damaged, or made for another model.</exception>
    public static LoraAdapterSet Load(Decoder decoder, string folder)
    {
        LoraConfig config = LoraConfig.Load(Path.Combine(folder, LoraConfig.FileName));
        using SafetensorsFile file = new(Path.Combine(folder, FileName));
        LoraAdapterSet set = new(decoder, config);
        HashSet<string> used = [];
        float[] Read(string name, Shape shape)
        {
            float[] values = file.Floats(name);
            if (!file.Entries[name].Shape.SequenceEqual([shape[0], shape[1]]))
                throw new ModelFormatException($"{file.Path}: the tensor {name} is not {shape}. The adapter was made for another model.");
            used.Add(name);
            return values;
        }

        try
        {
            foreach (LinearLayer layer in set.TargetLayers())
                set.Attach(layer, shape => Read(KeyOf(layer, "lora_A"), shape), shape => Read(KeyOf(layer, "lora_B"), shape));
        }
        catch
        {
            set.Dispose();
            throw;
        }

        string? unused = file.Entries.Keys.FirstOrDefault(k => !used.Contains(k));
        if (unused is null)
            return set;
        set.Dispose();
        throw new ModelFormatException($"{file.Path}: the model has no layer for the tensor {unused}. The adapter was made for another model.");
    }

    /// <summary>Makes the updates trainable; the base should be frozen.</summary>
    public void Train()
    {
        foreach (Parameter parameter in Parameters)
            parameter.Train();
    }

    /// <summary>Adds the updates into the base weights, W += s·B·A, and takes them off the layers: serving then costs nothing extra.</summary>
    public void Merge()
    {
        if (IsMerged)
            return;
        foreach ((LinearLayer layer, LoraAdapter adapter) in adapters)
        {
            AddInto(layer, adapter, adapter.Scale);
            layer.Adapter = null;
        }

        IsMerged = true;
    }

    /// <summary>Takes the updates out of the base weights again, exact but for rounding, and back onto the layers.</summary>
    public void Unmerge()
    {
        if (!IsMerged)
            return;
        foreach ((LinearLayer layer, LoraAdapter adapter) in adapters)
        {
            AddInto(layer, adapter, -adapter.Scale);
            layer.Adapter = adapter;
        }

        IsMerged = false;
    }

    /// <summary>Adds a weight's update to values of it, W + s·B·A; those of a weight without one stay as they are.</summary>
    /// <param name="weight">The weight. What the model holds of it is neither read nor changed.</param>
    /// <param name="values">W, row-major.</param>
    public void AddTo(Parameter weight, Span<float> values)
    {
        (LinearLayer? layer, LoraAdapter? adapter) = adapters.FirstOrDefault(a => a.Layer.Weight == weight);
        if (layer is null)
            return;
        Backend backend = decoder.Backend;
        Tensor wide = backend.Allocate(weight.Shape);
        backend.Write(wide, values);
        backend.MatMul(wide, adapter!.B.Value, adapter.A.Value, MatMulLayout.NN, accumulate: true, adapter.Scale);
        backend.Read(wide, values);
        backend.Release(wide);
    }

    /// <summary>Writes <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
    public void Save(string folder)
    {
        SafetensorsWriter writer = new();
        foreach ((LinearLayer layer, LoraAdapter adapter) in adapters)
        {
            writer.Add(KeyOf(layer, "lora_A"), decoder.Backend, adapter.A.Value);
            writer.Add(KeyOf(layer, "lora_B"), decoder.Backend, adapter.B.Value);
        }

        writer.Save(Path.Combine(folder, FileName));
        Config.Save(Path.Combine(folder, LoraConfig.FileName));
    }

    /// <summary>Takes the updates off the layers (a merged one stays in the weights) and frees them.</summary>
    public void Dispose()
    {
        foreach ((LinearLayer layer, LoraAdapter adapter) in adapters)
        {
            layer.Adapter = null;
            adapter.A.Dispose();
            adapter.B.Dispose();
        }

        adapters.Clear();
    }

    private static string KeyOf(LinearLayer layer, string part) => $"base_model.model.{layer.Name}.{part}.weight";

    private List<LinearLayer> TargetLayers()
    {
        List<LinearLayer> targets = [.. decoder.LinearLayers.Where(l => Config.Targets(l.Name))];
        return targets.Count > 0
            ? targets
            : throw new ArgumentException($"The model has no layers named {string.Join(", ", Config.TargetModules)}.");
    }

    private void Attach(LinearLayer layer, Func<Shape, float[]> a, Func<Shape, float[]> b)
    {
        int rank = Config.RankOf(layer.Name);
        Backend backend = decoder.Backend;
        Parameter Make(string part, Shape shape, Func<Shape, float[]> values)
        {
            float[] initial = values(shape);
            Tensor tensor = backend.Allocate(shape);
            backend.Write(tensor, initial);
            return new Parameter(KeyOf(layer, part), tensor, backend);
        }

        LoraAdapter adapter = new(
            Make("lora_A", new Shape(rank, layer.Weight.Shape[1]), a),
            Make("lora_B", new Shape(layer.Weight.Shape[0], rank), b),
            (float)Config.ScaleOf(layer.Name),
            (float)Config.Dropout);
        layer.Adapter = adapter;
        adapters.Add((layer, adapter));
    }

    private void AddInto(LinearLayer layer, LoraAdapter adapter, float scale)
    {
        Backend backend = decoder.Backend;
        Tensor weight = layer.Weight.Value;
        if (weight.Type == DType.Float32)
        {
            backend.MatMul(weight, adapter.B.Value, adapter.A.Value, MatMulLayout.NN, accumulate: true, scale);
            return;
        }

        Tensor wide = backend.Allocate(weight.Shape);
        backend.Copy(wide, weight);
        backend.MatMul(wide, adapter.B.Value, adapter.A.Value, MatMulLayout.NN, accumulate: true, scale);
        backend.Copy(weight, wide);
        backend.Release(wide);
    }
}
