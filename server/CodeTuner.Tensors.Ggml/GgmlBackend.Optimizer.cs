using System.Runtime.InteropServices;
using CodeTuner.Tensors.Ggml.Graphs;

namespace CodeTuner.Tensors.Ggml;

public sealed partial class GgmlBackend
{
    private readonly List<(AdamWStep Step, GgmlValue Numbers, GgmlValue Scale)> steps = [];

    /// <inheritdoc/>
    public override void SumOfSquares(Tensor into, Tensor x, bool accumulate)
    {
        OperationChecks.SumOfSquares(into, x);
        if (x.Shape.Count == 0)
        {
            if (!accumulate)
                Fill(into, 0);
            return;
        }

        RecordSum(GgmlOperation.SumOfSquares, [], [In(x)], into, accumulate, g =>
        {
            Node sums = g.Nodes.SumRows(g.Nodes.Square(g.In(0))); // (1, R)
            return sums.Ne(1) == 1 ? sums : g.Nodes.SumRows(g.Nodes.Reshape(sums, sums.Ne(1)));
        });
    }

    /// <inheritdoc/>
    public override void AdamW(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, AdamWStep step)
    {
        OperationChecks.AdamW(parameter, gradient, firstMoment, secondMoment);
        if (parameter.Shape.Count == 0)
            return;

        // The numbers change with every step, so they are operands: the graph stays the same. All parameters of a step share them.
        if (recording.IsEmpty)
            steps.Clear();
        int known = steps.FindIndex(s => s.Step == step && s.Numbers.Slot >= 0);
        if (known < 0)
        {
            float[] numbers = [step.LearningRate, step.Beta1, step.Beta2, step.Epsilon, step.WeightDecay, 1 / step.BiasCorrection1, 1 / step.BiasCorrection2];
            float[] scale = [step.GradientScale];
            steps.Add((step, Extra(DType.Float32, new Shape(7), MemoryMarshal.AsBytes<float>(numbers)), Extra(DType.Float32, new Shape(1), MemoryMarshal.AsBytes<float>(scale))));
            known = steps.Count - 1;
        }

        GgmlValue[] inputs = [In(parameter), In(gradient), In(firstMoment), In(secondMoment), steps[known].Numbers, steps[known].Scale];
        Record(GgmlOperation.AdamW, [], inputs, [parameter, firstMoment, secondMoment], g =>
        {
            Node clipped = g.Nodes.Mul(g.In(1), g.In(5));
            Node first = g.In(2), second = g.In(3);
            g.Effects.Add(g.Nodes.AdamW(g.In(0), clipped, first, second, g.In(4)));
            g.OutInPlace(0, g.In(0));
            g.OutInPlace(1, first);
            g.OutInPlace(2, second);
        });
    }
}
