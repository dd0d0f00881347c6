using CodeTuner.Tensors.Cpu.Kernels;

namespace CodeTuner.Tensors.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void GatedActivation(Tensor into, Tensor gate, Tensor up, Activation activation)
    {
        OperationChecks.GatedActivation(into, gate, up);
        ForElements(into.Shape.Count, new GatedBody
        {
            Kernels = kernels, To = Of(into).Floats, Gate = Of(gate).Floats, Up = Of(up).Floats, Activation = activation,
        });
    }

    /// <inheritdoc/>
    public override void GatedActivationBackward(
        Tensor gateGradient, Tensor upGradient, Tensor outputGradient, Tensor gate, Tensor up, Activation activation)
    {
        OperationChecks.GatedActivationBackward(gateGradient, upGradient, outputGradient, gate, up);
        ForElements(gate.Shape.Count, new GatedBackwardBody
        {
            Kernels = kernels, DGate = Of(gateGradient).Floats, DUp = Of(upGradient).Floats, Dy = Of(outputGradient).Floats,
            Gate = Of(gate).Floats, Up = Of(up).Floats, Activation = activation,
        });
    }

    private struct GatedBody : IElementBody
    {
        public VectorKernels Kernels;
        public float* To;
        public float* Gate;
        public float* Up;
        public Activation Activation;

        public readonly void Elements(long first, long count) => Kernels.Gated(To + first, Gate + first, Up + first, Activation, count);
    }

    private struct GatedBackwardBody : IElementBody
    {
        public VectorKernels Kernels;
        public float* DGate;
        public float* DUp;
        public float* Dy;
        public float* Gate;
        public float* Up;
        public Activation Activation;

        public readonly void Elements(long first, long count) =>
            Kernels.GatedBackward(DGate + first, DUp + first, Dy + first, Gate + first, Up + first, Activation, count);
    }
}
