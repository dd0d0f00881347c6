using CodeTuner.Models.Tests.Training;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Ggml.Tests.Devices;

namespace CodeTuner.Models.Tests;

/// <summary>The devices of ggml, for the reference models, adapters and training runs of CodeTuner.Models.Tests.</summary>
internal static class GoldenBackends
{
    /// <summary>Which reference models run on which.</summary>
    public static TheoryData<string, string> Models
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string backend in TestDevices.Names)
            {
                foreach (string model in (string[])["llama", "llama3-rope", "qwen2"])
                    data.Add(model, backend);
            }

            return data;
        }
    }

    public static TheoryData<string> Adapters => [.. TestDevices.Names];

    public static TheoryData<string> Training => [.. TestDevices.Names];

    /// <summary>Where adapters are trained over a quantised base, for how many steps, and what the losses may differ by.</summary>
    public static IEnumerable<(string Backend, int Steps, double Tolerance)> QuantisedTraining =>
        TestDevices.Names.Select(name => (name, GoldenQuantisedBaseTests.MostSteps, name == TestDevices.Vulkan ? 1e-4 : GoldenQuantisedBaseTests.RoundedActivations));

    public static string? Missing => TestDevices.Skip(TestDevices.MissingLibrary);

    public static Backend Create(string name) => TestDevices.Create(name);
}
