using CodeTuner.Models.Tests.Training;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Reference;
using CodeTuner.Tensors.Tests.Operations;
using CodeTuner.Tensors;

namespace CodeTuner.Models.Tests;

/// <summary>The backends that the reference models run on: whatever stands behind the seam must give the reference's numbers.</summary>
internal static class GoldenBackends
{
    private const string Cpu = "Cpu", Reference = "Reference", Deferring = "Deferring";

    /// <summary>Which reference models run on which.</summary>
    public static TheoryData<string, string> Models => new()
    {
        { "llama", Cpu },
        { "llama3-rope", Cpu },
        { "qwen2", Cpu },
        { "llama", Reference },
        { "qwen2", Reference },
        { "llama", Deferring },
        { "qwen2", Deferring },
    };

    /// <summary>Where the reference adapters are tried.</summary>
    public static TheoryData<string> Adapters => [Cpu];

    /// <summary>Where the reference runs of training are done again.</summary>
    public static TheoryData<string> Training => [Cpu, Deferring];

    /// <summary>Where adapters are trained over a quantised base, for how many steps, and what the losses may differ by.</summary>
    public static IEnumerable<(string Backend, int Steps, double Tolerance)> QuantisedTraining =>
    [
        (Reference, GoldenQuantisedBaseTests.MostSteps, 1e-9),
        (Cpu, GoldenQuantisedBaseTests.MostSteps, GoldenQuantisedBaseTests.RoundedActivations),
        (Deferring, 3, GoldenQuantisedBaseTests.RoundedActivations),
    ];

    /// <summary>Why none can run, or null.</summary>
    public static string? Missing => null;

    public static Backend Create(string name) => name switch
    {
        Cpu => new CpuBackend(),
        Reference => new ReferenceBackend(),
        _ => new DeferringBackend(new CpuBackend()),
    };
}
