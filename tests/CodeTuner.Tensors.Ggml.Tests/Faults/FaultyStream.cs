using CodeTuner.Tensors.Ggml.Native;
using CodeTuner.Tensors.Ggml.Tests.Devices;

namespace CodeTuner.Tensors.Ggml.Tests.Faults;

/// <summary>A device whose calls fail when a test says so.</summary>
internal sealed class FaultyStream() : GgmlStream(TestDevices.Device(TestDevices.Cpu), threads: 1)
{
    /// <summary>Whether there is no memory for tensors.</summary>
    public bool IsFull { get; set; }

    /// <summary>Whether there is no memory for a graph's inner values.</summary>
    public bool CanPlan { get; set; } = true;

    /// <summary>How the next graph ends instead of being run.</summary>
    public GgmlStatus? Outcome { get; set; }

    public override nint AllocateBuffer(long size) => IsFull ? 0 : base.AllocateBuffer(size);

    public override bool Plan(nint allocator, nint graph) => CanPlan && base.Plan(allocator, graph);

    public override GgmlStatus Compute(nint graph) => Outcome ?? base.Compute(graph);
}
