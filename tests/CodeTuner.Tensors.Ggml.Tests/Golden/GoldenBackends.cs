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
                foreach (string model in backend == TestDevices.Vulkan && !RunsLongTests ? (string[])["llama"] : ["llama", "llama3-rope", "qwen2"])
                    data.Add(model, backend);
            }

            return data;
        }
    }

    public static TheoryData<string> Adapters => [.. TestDevices.Names];

    public static TheoryData<string> Training => [.. TestDevices.Names.Where(name => name != TestDevices.Vulkan || RunsLongTests)];

    /// <summary>Where adapters are trained over a quantised base, for how many steps, and what the losses may differ by.</summary>
    public static IEnumerable<(string Backend, int Steps, double Tolerance)> QuantisedTraining => TestDevices.Names.Select(name => name == TestDevices.Vulkan
        ? (name, RunsLongTests ? GoldenQuantisedBaseTests.MostSteps : 2, 1e-4)
        : (name, GoldenQuantisedBaseTests.MostSteps, GoldenQuantisedBaseTests.RoundedActivations));

    /// <summary>On Mesa's driver for the processor the training runs take minutes: they run where this is asked for.</summary>
    private static bool RunsLongTests => Environment.GetEnvironmentVariable("CODETUNER_LONG_TESTS") == "1";

    public static string? Missing => TestDevices.Skip(TestDevices.MissingLibrary);

    public static Backend Create(string name) => TestDevices.Create(name);
}
