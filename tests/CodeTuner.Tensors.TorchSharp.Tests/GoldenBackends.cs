using CodeTuner.Models.Tests.Training;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Tests.Operations;

namespace CodeTuner.Models.Tests;

/// <summary>TorchSharp on each kind of device that this machine has, for the reference models of CodeTuner.Models.Tests.</summary>
internal static class GoldenBackends
{
    /// <summary>Which reference models run on which.</summary>
    public static TheoryData<string, string> Models
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string backend in BackendsUnderTest.Names)
            {
                foreach (string model in (string[])["llama", "llama3-rope", "qwen2"])
                    data.Add(model, backend);
            }

            return data;
        }
    }

    /// <summary>Where the reference adapters are tried.</summary>
    public static TheoryData<string> Adapters => BackendsUnderTest.All;

    /// <summary>Where the reference runs of training are done again.</summary>
    public static TheoryData<string> Training => BackendsUnderTest.All;

    /// <summary>Where adapters are trained over a quantised base, for how many steps, and what the losses may differ by.</summary>
    public static IEnumerable<(string Backend, int Steps, double Tolerance)> QuantisedTraining =>
        BackendsUnderTest.Names.Select(name => (name, GoldenQuantisedBaseTests.MostSteps, 1e-4));

    /// <summary>Why none can run, or null.</summary>
    public static string? Missing => null;

    public static Backend Create(string name) => BackendsUnderTest.Create(name);
}
