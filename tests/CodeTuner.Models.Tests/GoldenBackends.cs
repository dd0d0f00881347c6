using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Reference;
using CodeTuner.Tensors.Tests.Operations;

namespace CodeTuner.Models.Tests;

/// <summary>The backends that the reference models run on: whatever stands behind the seam must give the reference's numbers.</summary>
internal static class GoldenBackends
{
    public const string Cpu = "Cpu", Reference = "Reference", Deferring = "Deferring";

    public static Backend Create(string name) => name switch
    {
        Cpu => new CpuBackend(),
        Reference => new ReferenceBackend(),
        _ => new DeferringBackend(new CpuBackend()),
    };
}
