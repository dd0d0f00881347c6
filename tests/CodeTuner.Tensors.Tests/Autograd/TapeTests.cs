using CodeTuner.Tensors.Autograd;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Reference;
using CodeTuner.Tensors.Tests.Operations;

namespace CodeTuner.Tensors.Tests.Autograd;

public class TapeTests
{
    public static TheoryData<string, bool> Graphs
    {
        get
        {
            TheoryData<string, bool> data = new();
            foreach (string name in TapeGraph.Graphs.Keys)
            {
                data.Add(name, false);
                data.Add(name, true); // the embedding is the output layer too
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Gradients_are_those_of_finite_differences(string name, bool tied)
    {
        const float Step = 1e-2f;
        using ReferenceBackend backend = new();
        using TapeGraph graph = new(backend);
        graph.TrainAll();
        graph.Loss(TapeGraph.Graphs[name], tied);
        graph.Tape.Backward();
        graph.Tape.Reset();
        int used = 0;
        foreach (Parameter parameter in graph.Parameters.Where(p => p.HasGradient))
        {
            float[] gradient = graph.Read(parameter.Gradient!), values = graph.Read(parameter.Value);
            for (int i = 0; i < values.Length; i++)
            {
                double Near(float change)
                {
                    float[] changed = [.. values];
                    changed[i] += change;
                    backend.Write(parameter.Value, changed);
                    graph.Tape.IsRecording = false;
                    double loss = graph.Loss(TapeGraph.Graphs[name], tied);
                    graph.Tape.Reset();
                    return loss;
                }

                // Five points: exact to the fourth power of the step.
                double slope = ((8 * (Near(Step) - Near(-Step))) - (Near(2 * Step) - Near(-2 * Step))) / (12 * Step);
                backend.Write(parameter.Value, values);
                Assert.True(Math.Abs(slope - gradient[i]) < 2e-3 * (1 + Math.Abs(slope)), $"{parameter.Name}[{i}]: {gradient[i]} instead of {slope}");
                used += gradient[i] != 0 ? 1 : 0;
            }
        }

        Assert.True(used > TapeGraph.Width * TapeGraph.Width, "the graph has no gradients: the test shows nothing");
    }

    [Fact]
    public void Gradients_add_up_over_backward_passes_until_they_are_cleared()
    {
        using ReferenceBackend backend = new();
        using TapeGraph graph = new(backend);
        graph.TrainAll();
        float[][] Pass(int times)
        {
            foreach (Parameter parameter in graph.Parameters)
                parameter.ClearGradient();
            for (int i = 0; i < times; i++)
            {
                graph.Loss(TapeGraph.Graphs["an adapter with dropout"]);
                graph.Tape.Backward();
                graph.Tape.Reset();
            }

            return [.. graph.Parameters.Where(p => p.HasGradient).Select(p => graph.Read(p.Gradient!))];
        }

        float[][] one = Pass(1), three = Pass(3), again = Pass(1);
        Assert.Equal(6, one.Length);
        Assert.Equal(one, again);
        for (int p = 0; p < one.Length; p++)
        {
            for (int i = 0; i < one[p].Length; i++)
                Assert.Equal(3 * one[p][i], three[p][i], 1e-5);
        }
    }

    [Fact]
    public void A_frozen_parameter_gets_no_gradient_and_costs_no_work()
    {
        int Work(Action<TapeGraph> choose)
        {
            using DeferringBackend backend = new(new ReferenceBackend());
            using TapeGraph graph = new(backend);
            choose(graph);
            graph.Loss(TapeGraph.Graphs["a weight of two layers"]); // reading the loss runs all that came before
            graph.Tape.Backward();
            int calls = backend.Pending;
            foreach (Parameter parameter in graph.Parameters)
                Assert.Equal(parameter.RequiresGradient, parameter.Gradient is not null);
            return calls;
        }

        int all = Work(g => g.TrainAll());
        int biasFrozen = Work(g =>
        {
            g.TrainAll();
            g.Bias.Freeze();
        });
        int onlyBias = Work(g => g.Bias.Train());
        Assert.Equal(all - 2, biasFrozen); // one sum of rows for each of the two layers
        Assert.True(onlyBias < biasFrozen, $"{onlyBias} calls for the bias alone, {biasFrozen} for all but the bias");
        Assert.Equal(0, Work(_ => { }));
    }

    [Fact]
    public void Without_recording_nothing_is_kept()
    {
        using ReferenceBackend backend = new();
        using TapeGraph graph = new(backend);
        graph.TrainAll();
        graph.Tape.IsRecording = false;
        long before = backend.AllocatedBytes;
        int mark = graph.Tape.Mark();
        Variable kept = TapeGraph.Graphs["a residual around a block"](graph);
        float[] values = graph.Read(kept.Value);
        graph.Tape.ReleaseSince(mark, kept);
        Assert.Equal(values, graph.Read(kept.Value));
        long indices = TapeGraph.Rows * sizeof(int), result = TapeGraph.Rows * TapeGraph.Width * sizeof(float);
        Assert.Equal(before + indices + result, backend.AllocatedBytes);
        graph.Tape.Backward();
        Assert.All(graph.Parameters, p => Assert.False(p.HasGradient));
        graph.Tape.Reset();
        Assert.Equal(before, backend.AllocatedBytes);
    }

    [Fact]
    public void A_step_like_the_one_before_takes_its_buffers_from_the_pool()
    {
        using CpuBackend backend = new(new CpuBackendOptions { Threads = 1 });
        using TapeGraph graph = new(backend);
        graph.TrainAll();
        long Step()
        {
            Variable hidden = TapeGraph.Graphs["a residual around a block"](graph);
            _ = graph.Tape.LinearCrossEntropy(hidden, graph.Output, graph.Tape.Integers([0, 1, 2, 3, 4]), 1);
            graph.Tape.Backward();
            graph.Tape.Reset();
            return backend.AllocatedBytes;
        }

        long first = Step();
        for (int i = 0; i < 30; i++)
            Assert.Equal(first, Step()); // also lets the compiler settle
        long before = GC.GetAllocatedBytesForCurrentThread();
        const int Steps = 100;
        for (int i = 0; i < Steps; i++)
            Step();
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Steps;
        Assert.True(each < 1024, $"{each} bytes a step on the collector's heap");
    }

    [Fact]
    public void Dropout_has_one_mask_forward_and_backward_and_another_for_the_next_seed()
    {
        using ReferenceBackend backend = new();
        using TapeGraph graph = new(backend);
        graph.Embedding.Train();
        (float[] Kept, float[] Gradient) Pass(ulong seed)
        {
            graph.Embedding.ClearGradient();
            graph.Tape.DropoutSeed = seed;
            Variable x = graph.Tape.Gather(graph.Embedding, graph.Tape.Integers([0, 1, 2, 3, 4, 5, 6])); // each row once
            Variable y = graph.Tape.Dropout(x, 0.5f);
            float[] kept = graph.Read(y.Value);
            graph.Tape.LinearCrossEntropy(y, graph.Output, graph.Tape.Integers([0, 1, 2, 3, 4, 5, 6]), 1);
            graph.Tape.Backward();
            float[] gradient = graph.Read(graph.Embedding.Gradient!);
            graph.Tape.Reset();
            return (kept, gradient);
        }

        (float[] kept, float[] gradient) = Pass(1);
        Assert.Equal(kept.Select(v => v == 0), gradient.Select(v => v == 0));
        Assert.InRange(kept.Count(v => v == 0), 8, 34); // of 42
        Assert.Equal(kept, Pass(1).Kept);
        Assert.NotEqual(kept, Pass(2).Kept);
        graph.Tape.IsTraining = false;
        Assert.Equal(graph.Read(graph.Embedding.Value), Pass(1).Kept);
    }

    [Fact]
    public void A_constant_is_detached_from_what_made_it()
    {
        using ReferenceBackend backend = new();
        using TapeGraph graph = new(backend);
        graph.TrainAll();
        Variable x = graph.Tape.Linear(graph.Input(), graph.First);
        Tensor copy = backend.Allocate(x.Shape);
        backend.Copy(copy, x.Value);
        graph.Loss(g => g.Tape.Linear(g.Tape.Constant(copy), g.Second));
        graph.Tape.Backward();
        Assert.True(graph.Second.HasGradient);
        Assert.True(graph.Output.HasGradient);
        Assert.False(graph.First.HasGradient);
        Assert.False(graph.Embedding.HasGradient);
        graph.Tape.Reset();
        backend.Release(copy); // the tape does not own it
    }

    [Fact]
    public void A_reset_frees_a_step_that_was_broken_off()
    {
        using ReferenceBackend backend = new();
        using TapeGraph graph = new(backend);
        graph.TrainAll();
        long before = backend.AllocatedBytes;
        Variable x = TapeGraph.Graphs["an adapter with dropout"](graph);
        Assert.ThrowsAny<ArgumentException>(() => graph.Tape.Residual(x, graph.Tape.Linear(graph.Input(), graph.Adapter.A)));
        Assert.True(backend.AllocatedBytes > before);
        graph.Tape.Reset();
        Assert.Equal(before, backend.AllocatedBytes);
        Assert.Throws<InvalidOperationException>(() => x.Value);

        // The next step is as if nothing had been.
        double loss = graph.Loss(TapeGraph.Graphs["an adapter with dropout"]);
        graph.Tape.Backward();
        graph.Tape.Reset();
        Assert.True(double.IsFinite(loss));
        Assert.Equal(before, backend.AllocatedBytes);
    }

    [Fact]
    public void A_tensor_that_was_taken_over_in_place_is_said()
    {
        using ReferenceBackend backend = new();
        using TapeGraph graph = new(backend);
        Variable x = graph.Input();
        graph.Tape.Dropout(x, 0.5f);
        Assert.Contains("taken over", Assert.Throws<InvalidOperationException>(() => x.Value).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_is_not_overwritten_in_place()
    {
        using ReferenceBackend backend = new();
        using TapeGraph graph = new(backend);
        float[] values = graph.Read(graph.First.Value);
        Assert.Contains("first", Assert.Throws<InvalidOperationException>(() => graph.Tape.Dropout(graph.First, 0.5f)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => graph.Tape.Residual(graph.Second, graph.First));
        Assert.Equal(values, graph.Read(graph.First.Value));
    }

    [Theory]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Float16)]
    public void Only_float32_weights_can_be_trained(DType type)
    {
        using ReferenceBackend backend = new();
        using Parameter parameter = new("model.norm.weight", backend.Allocate(new Shape(4), type), backend);
        string message = Assert.Throws<InvalidOperationException>(parameter.Train).Message;
        Assert.Contains("model.norm.weight", message, StringComparison.Ordinal);
        Assert.Contains(type.ToString(), message, StringComparison.Ordinal);
    }

    [Fact]
    public void Freezing_and_disposing_give_the_memory_back()
    {
        using ReferenceBackend backend = new();
        long before = backend.AllocatedBytes;
        Parameter parameter = new("w", backend.Allocate(new Shape(3, 4)), backend);
        long value = backend.AllocatedBytes;
        parameter.Train();
        parameter.Train(); // a second time changes nothing
        Assert.Equal(value + (value - before), backend.AllocatedBytes);
        parameter.Freeze();
        Assert.Equal(value, backend.AllocatedBytes);
        parameter.Dispose();
        parameter.Dispose();
        Assert.Equal(before, backend.AllocatedBytes);
    }
}
