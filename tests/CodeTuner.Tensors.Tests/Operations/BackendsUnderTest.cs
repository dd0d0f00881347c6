using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Reference;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>
/// Every backend of this project that the operation suite runs on; a new one is a line here. The suite is the folder
/// Suite: a project of another backend compiles its files too, beside a class like this one.
/// </summary>
public static class BackendsUnderTest
{
    private static readonly Dictionary<string, Func<Backend>> Table = new()
    {
        ["Reference"] = () => new ReferenceBackend(),
        ["Deferring"] = () => new DeferringBackend(new ReferenceBackend()),
        ["Cpu Portable 2"] = () => Cpu(CpuKernelSet.Portable, 2),
        ["Cpu Avx2 3"] = () => Cpu(CpuKernelSet.Avx2, 3),
        ["Cpu AvxVnni 2"] = () => Cpu(CpuKernelSet.AvxVnni, 2),
        ["Cpu Avx512 1"] = () => Cpu(CpuKernelSet.Avx512, 1),
        ["Cpu Avx512 2"] = () => Cpu(CpuKernelSet.Avx512, 2),
    };

    /// <summary>Those that this machine can run.</summary>
    public static IEnumerable<string> Names => Table.Keys.Where(IsSupported);

    /// <summary>Those to be held against the reference.</summary>
    public static IEnumerable<string> Compared => Names.Where(name => name != "Reference");

    /// <summary>Those that run an operation later than it is asked for.</summary>
    public static IEnumerable<string> Deferring => Names.Where(name => name == "Deferring");

    /// <summary><see cref="Names"/> for a theory.</summary>
    public static TheoryData<string> All => [.. Names];

    public static Backend Create(string name) => Table[name]();

    /// <summary>Why none can run, or null.</summary>
    public static string? Missing => null;

    /// <summary>Whether a backend is tried on a case.</summary>
    public static bool Covers(string backend, string operation) => true;

    /// <summary>What a backend must give within which tolerance: each keeps to what the case allows.</summary>
    public static OperationResult Allowed(string backend, string operation, OperationResult expected) => expected;

    private static CpuBackend Cpu(CpuKernelSet kernels, int threads) => new(new CpuBackendOptions { Kernels = kernels, Threads = threads });

    private static bool IsSupported(string name) =>
        Enum.GetValues<CpuKernelSet>().All(kernels => !name.Contains(kernels.ToString()) || CpuBackendOptions.IsSupported(kernels));
}
