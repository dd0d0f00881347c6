using CodeTuner.Tensors.Autograd;

namespace CodeTuner.Tensors.Tests.Autograd;

/// <summary>Small weights with a fixed seed, and graphs over them that end in a loss.</summary>
internal sealed class TapeGraph : IDisposable
{
    public const int Rows = 5, Width = 6, Vocabulary = 7, Rank = 2;

    private static readonly int[] Ids = [3, 0, 6, 3, 1], Targets = [0, 6, 3, 1, 2];

    public TapeGraph(Backend backend)
    {
        Backend = backend;
        Tape = new Tape(backend) { IsRecording = true, IsTraining = true };
        Random random = new(17);
        Embedding = Make("embedding", new Shape(Vocabulary, Width), random);
        First = Make("first", new Shape(Width, Width), random);
        Second = Make("second", new Shape(Width, Width), random);
        Bias = Make("bias", new Shape(Width), random);
        Norm = Make("norm", new Shape(Width), random);
        Output = Make("output", new Shape(Vocabulary, Width), random);
        Adapter = new LoraAdapter(Make("lora_A", new Shape(Rank, Width), random), Make("lora_B", new Shape(Width, Rank), random), 0.7f, 0.3f);
    }

    public Backend Backend { get; }

    public Tape Tape { get; }

    public Parameter Embedding { get; }

    public Parameter First { get; }

    public Parameter Second { get; }

    public Parameter Bias { get; }

    public Parameter Norm { get; }

    public Parameter Output { get; }

    public LoraAdapter Adapter { get; }

    public IReadOnlyList<Parameter> Parameters => [Embedding, First, Second, Bias, Norm, Output, Adapter.A, Adapter.B];

    /// <summary>Graphs in which something is used more than once, by name.</summary>
    public static IReadOnlyDictionary<string, Func<TapeGraph, Variable>> Graphs { get; } = new Dictionary<string, Func<TapeGraph, Variable>>
    {
        ["an input of two layers"] = g =>
        {
            Variable x = g.Input();
            return g.Tape.Residual(g.Tape.Linear(x, g.First), g.Tape.Linear(x, g.Second, g.Bias));
        },
        ["a weight of two layers"] = g => g.Tape.Linear(g.Tape.Linear(g.Input(), g.First, g.Bias), g.First, g.Bias),
        ["both sides of a gate"] = g =>
        {
            Variable x = g.Tape.RmsNorm(g.Input(), g.Norm, 1e-5f);
            return g.Tape.GatedActivation(g.Tape.Linear(x, g.First), g.Tape.Linear(x, g.First), Activation.Silu);
        },
        ["a residual around a block"] = g =>
        {
            Variable x = g.Input();
            x = g.Tape.Residual(x, g.Tape.Linear(g.Tape.RmsNorm(x, g.Norm, 1e-5f), g.First));
            return g.Tape.Residual(x, g.Tape.Linear(g.Tape.RmsNorm(x, g.Norm, 1e-5f), g.Second));
        },
        ["dropout"] = g => g.Tape.Dropout(g.Tape.Linear(g.Tape.Dropout(g.Input(), 0.3f), g.First), 0.4f),
        ["an adapter with dropout"] = g => g.Tape.Linear(g.Input(), g.First, g.Bias, g.Adapter),
    };

    /// <summary>Rows of the embedding.</summary>
    public Variable Input() => Tape.Gather(Embedding, Tape.Integers(Ids));

    /// <summary>The graph's loss, Σ over the rows. The output layer is <see cref="Output"/>, or the embedding where it is <paramref name="tied"/>.</summary>
    public double Loss(Func<TapeGraph, Variable> graph, bool tied = false)
    {
        Tape.DropoutSeed = 11; // the same masks each time
        Variable losses = Tape.LinearCrossEntropy(graph(this), tied ? Embedding : Output, Tape.Integers(Targets), 1);
        return Read(losses.Value).Sum(v => (double)v);
    }

    public float[] Read(Tensor tensor)
    {
        float[] values = new float[tensor.Shape.Count];
        Backend.Read(tensor, values);
        return values;
    }

    public void TrainAll()
    {
        foreach (Parameter parameter in Parameters)
            parameter.Train();
    }

    public void Dispose()
    {
        Tape.Reset();
        foreach (Parameter parameter in Parameters)
            parameter.Dispose();
    }

    private Parameter Make(string name, Shape shape, Random random)
    {
        Tensor tensor = Backend.Allocate(shape);
        Backend.Write(tensor, (ReadOnlySpan<float>)[.. Enumerable.Range(0, (int)shape.Count).Select(_ => (float)((random.NextDouble() - 0.5) * 1.4))]);
        return new Parameter(name, tensor, Backend);
    }
}
