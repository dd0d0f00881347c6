using CodeTuner.Tensors.TorchSharp;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>TorchSharp on each kind of device that this machine has, for the operation suite of CodeTuner.Tensors.Tests.</summary>
public static class BackendsUnderTest
{
    private static readonly Dictionary<string, TorchSharpDevice> Table = new()
    {
        ["TorchSharp CPU"] = TorchSharpDevice.Cpu,
        ["TorchSharp CUDA"] = TorchSharpDevice.Cuda(),
    };

    /// <summary>Those that this machine can run.</summary>
    public static IEnumerable<string> Names { get; } = [.. Table.Keys.Where(name => !Table[name].IsCuda || TorchSharpBackend.IsCudaAvailable())];

    /// <summary>Those to be held against the reference.</summary>
    public static IEnumerable<string> Compared => Names;

    /// <summary>Those that may run an operation later than it is asked for; what a caller may do is the same with all.</summary>
    public static IEnumerable<string> Deferring => Names;

    /// <summary><see cref="Names"/> for a theory.</summary>
    public static TheoryData<string> All => [.. Names];

    /// <summary>Why none can run, or null.</summary>
    public static string? Missing => null;

    /// <summary>Whether a backend is tried on a case.</summary>
    public static bool Covers(string backend, string operation) => true;

    /// <summary>What a backend must give within which tolerance: each keeps to what the case allows.</summary>
    public static OperationResult Allowed(string backend, string operation, OperationResult expected) => expected;

    public static Backend Create(string name) => new TorchSharpBackend(new TorchSharpBackendOptions { Device = Table[name] });
}
