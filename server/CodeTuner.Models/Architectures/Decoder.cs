using CodeTuner.Models.Checkpoints;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Models.Architectures;

/// <summary>A decoder-only language model of the Llama family or Qwen2, for training and for serving.</summary>
public sealed class Decoder : IDisposable
{
    private const int RotaryStep = 1024;

    private readonly List<Parameter> parameters = [];
    private readonly List<LinearLayer> linearLayers = [];
    private readonly DecoderLayer[] layers;
    private readonly Parameter embedding;
    private readonly Parameter finalNorm;
    private readonly Parameter outputWeight;
    private readonly DType rotaryFrequencies;
    private Tensor rotary;
    private int rotaryPositions;

    private Decoder(ModelConfig config, Backend backend, DType rotaryFrequencies, Func<string, Shape, Parameter> load)
    {
        this.rotaryFrequencies = rotaryFrequencies;
        Config = config;
        Backend = backend;
        Parameter Load(string name, Shape shape)
        {
            Parameter parameter = load(name, shape);
            parameters.Add(parameter);
            return parameter;
        }

        embedding = Load("model.embed_tokens.weight", new Shape(config.VocabularySize, config.HiddenSize));
        layers = [.. Enumerable.Range(0, config.LayerCount).Select(i => MakeLayer(i, Load))];
        finalNorm = Load("model.norm.weight", new Shape(config.HiddenSize));
        outputWeight = config.TieWordEmbeddings ? embedding : Load("lm_head.weight", embedding.Shape);
        rotary = backend.Allocate(new Shape(1, config.HeadSize));
        EnsurePositions(Math.Min(config.MaxPositions, RotaryStep));
    }

    /// <summary>The sizes.</summary>
    public ModelConfig Config { get; }

    /// <summary>Where the weights live.</summary>
    public Backend Backend { get; }

    /// <summary>All weights, in the checkpoint's order of layers; adapters are not among them.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>The linear layers of the blocks, to which adapters can be attached.</summary>
    public IReadOnlyList<LinearLayer> LinearLayers => linearLayers;

    /// <summary>(V, C): the output layer's weight.</summary>
    public Parameter OutputWeight => outputWeight;

    /// <summary>Reads a model's weights.</summary>
    /// <param name="folder">A Hugging Face model folder.</param>
    /// <param name="backend">Where the weights go.</param>
    /// <param name="storage">
    /// How matrices are stored (<see cref="MatrixStorage"/>); null keeps the file's type. Norms and biases are float32.
    /// </param>
    /// <param name="rotaryFrequencies">
    /// How the rotary embedding's frequencies are rounded: float32 as models are trained and served. A 16-bit type reproduces
    /// a PyTorch module that was cast as a whole, whose buffers are rounded with its weights.
    /// </param>
    /// <exception cref="ModelFormatException">A file or tensor is missing, damaged or of another shape than the config says.</exception>
    public static Decoder Load(string folder, Backend backend, DType? storage = DType.Float32, DType rotaryFrequencies = DType.Float32) =>
        Load(folder, ModelConfig.LoadFrom(folder), backend, storage, rotaryFrequencies);

    /// <summary>Reads a model's weights, its config being known.</summary>
    /// <inheritdoc cref="Load(string, Backend, DType?, DType)"/>
    public static Decoder Load(string folder, ModelConfig config, Backend backend, DType? storage, DType rotaryFrequencies = DType.Float32)
    {
        using Checkpoint checkpoint = Checkpoint.Open(folder);
        using NativeBuffer room = new();
        return new Decoder(config, backend, rotaryFrequencies, (name, shape) => ReadParameter(checkpoint, name, shape, backend, storage, room));
    }

    /// <summary>A model with random weights, normal with deviation 0.02, for tests and benchmarks of a size.</summary>
    public static Decoder Random(ModelConfig config, Backend backend, ulong seed, DType storage = DType.Float32)
    {
        GaussianSequence gaussian = new(seed);
        return new Decoder(config, backend, DType.Float32, (name, shape) =>
        {
            Parameter parameter = new(name, backend.Allocate(shape, shape.Rank > 1 ? MatrixStorage.Of(name, storage) : DType.Float32), backend);
            float[] values = new float[shape.Count];
            for (int i = 0; i < values.Length; i++)
                values[i] = shape.Rank > 1 ? 0.02f * gaussian.Next() : name.EndsWith(".bias", StringComparison.Ordinal) ? 0 : 1;
            backend.Write(parameter.Value, values);
            return parameter;
        });
    }

    /// <summary>Runs the blocks and the final norm.</summary>
    /// <param name="tape">Records the operations, where it records.</param>
    /// <param name="input">The tokens; with a cache, those after the cached ones.</param>
    /// <param name="cache">Keys and values of earlier tokens of the one row; grows by T. Only without recording.</param>
    /// <param name="dropout">Probability of dropping an element of a block's output in training.</param>
    /// <param name="checkpointing">
    /// Where the tape records: keeps only each block's input, and computes the block again in the backward pass. The gradients are
    /// the same; it takes a third longer and a fraction of the memory.
    /// </param>
    /// <param name="cancellationToken">Checked before each block.</param>
    /// <returns>(B·T, C).</returns>
    public Variable Forward(
        Tape tape, DecoderInput input, KeyValueCache? cache = null, float dropout = 0, bool checkpointing = false, CancellationToken cancellationToken = default)
    {
        cache?.Reserve(input.Length);
        int mark = tape.Mark();
        Variable x = tape.Gather(embedding, input.Ids); // (B·T, C)
        for (int i = 0; i < layers.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            x = checkpointing && tape.IsRecording
                ? layers[i].ForwardTwice(tape, x, input, rotary, dropout)
                : layers[i].Forward(tape, x, input, rotary, cache, dropout);
            tape.ReleaseSince(mark, x);
        }

        cache?.Advance(input.Length);
        return tape.RmsNorm(x, finalNorm, Config.RmsNormEpsilon);
    }

    /// <summary>The logits (R, V) of hidden states (R, C).</summary>
    public Variable Logits(Tape tape, Variable hidden) => tape.Linear(hidden, outputWeight);

    /// <summary>Makes positions 0 … count − 1 known to the rotary embedding.</summary>
    public void EnsurePositions(int count)
    {
        if (count <= rotaryPositions)
            return;

        // Well ahead, so that it is not made anew for each token.
        count = Math.Max(count, Math.Min(Config.MaxPositions, (count + RotaryStep - 1) / RotaryStep * RotaryStep));
        Backend.Release(rotary);
        rotary = Backend.Allocate(new Shape(count, Config.HeadSize));
        Backend.Write(rotary, RotaryTable.Make(Config, count, rotaryFrequencies));
        rotaryPositions = count;
    }

    /// <summary>Makes every weight trainable.</summary>
    public void TrainAll() => parameters.ForEach(p => p.Train());

    /// <summary>Makes every weight constant.</summary>
    public void FreezeAll() => parameters.ForEach(p => p.Freeze());

    /// <summary>Reads values for a weight.</summary>
    /// <param name="parameter">The weight.</param>
    /// <param name="into">As many as it has elements.</param>
    public delegate void ParameterReader(Parameter parameter, Span<float> into);

    /// <summary>Writes the weights as <c>model.safetensors</c>, rounded to <paramref name="storage"/>, with the config beside it.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="storage">A type that safetensors has.</param>
    /// <param name="read">Reads what to write for a weight, float32; null reads the weight.</param>
    public void Save(string folder, DType storage, ParameterReader? read = null)
    {
        read ??= (parameter, into) => Backend.Read(parameter.Value, into);
        SafetensorsWriter writer = new();
        using NativeBuffer room = new();
        foreach (Parameter parameter in parameters)
        {
            writer.Add(parameter.Name, storage, parameter.Shape, bytes =>
            {
                Span<float> values = room.Take<float>(parameter.Shape.Count);
                read(parameter, values);
                StorageFormats.Encode(values, bytes, storage);
            });
        }

        writer.Save(Path.Combine(folder, "model.safetensors"));
        Config.Save(Path.Combine(folder, "config.json"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Parameter parameter in parameters)
            parameter.Dispose();
        Backend.Release(rotary);
    }

    private static Parameter ReadParameter(Checkpoint checkpoint, string name, Shape shape, Backend backend, DType? storage, NativeBuffer room)
    {
        SafetensorsFile file = checkpoint.FileOf(name);
        SafetensorsEntry entry = file.Entries[name];
        long[] wanted = [.. Enumerable.Range(0, shape.Rank).Select(i => (long)shape[i])];
        if (!entry.Shape.SequenceEqual(wanted))
        {
            throw new ModelFormatException(
                $"{file.Path}: the tensor {name} is ({string.Join(", ", entry.Shape)}), but config.json calls for {shape}. The two files do not belong together.");
        }

        DType stored = entry.Type ?? throw new ModelFormatException($"{file.Path}: the tensor {name} is of type {entry.TypeName}, which is not supported.");
        DType type = shape.Rank > 1 ? MatrixStorage.Of(name, storage ?? stored) : DType.Float32;
        if (shape.Columns % type.BlockSize() != 0)
        {
            throw new ModelFormatException(
                $"{file.Path}: the tensor {name} has rows of {shape.Columns} elements, which {type} cannot store: it takes blocks of {type.BlockSize()}. "
                + "Load the model as bf16, f16 or f32.");
        }

        Tensor tensor = backend.Allocate(shape, type);
        if (type == stored)
        {
            backend.WriteBytes(tensor, file.Bytes(name));
        }
        else
        {
            Span<float> values = room.Take<float>(entry.Count);
            file.Read(name, values);
            backend.Write(tensor, values);
        }

        return new Parameter(name, tensor, backend);
    }

    private DecoderLayer MakeLayer(int index, Func<string, Shape, Parameter> load)
    {
        ModelConfig c = Config;
        string prefix = $"model.layers.{index}.";
        LinearLayer Linear(string name, bool hasBias)
        {
            (int output, int input) = LinearSize(c, name);
            Parameter weight = load($"{prefix}{name}.weight", new Shape(output, input));
            LinearLayer layer = new(prefix + name, weight, hasBias ? load($"{prefix}{name}.bias", new Shape(output)) : null);
            linearLayers.Add(layer);
            return layer;
        }

        return new DecoderLayer(c, index, name => load(prefix + name, new Shape(c.HiddenSize)), Linear);
    }

    private static (int Output, int Input) LinearSize(ModelConfig c, string name) => name switch
    {
        "self_attn.q_proj" => (c.QueryHeads * c.HeadSize, c.HiddenSize),
        "self_attn.o_proj" => (c.HiddenSize, c.QueryHeads * c.HeadSize),
        "self_attn.k_proj" or "self_attn.v_proj" => (c.KeyValueHeads * c.HeadSize, c.HiddenSize),
        "mlp.down_proj" => (c.HiddenSize, c.IntermediateSize),
        _ => (c.IntermediateSize, c.HiddenSize),
    };
}
