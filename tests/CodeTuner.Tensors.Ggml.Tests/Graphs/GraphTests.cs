using CodeTuner.Tensors.Ggml.Tests.Devices;

namespace CodeTuner.Tensors.Ggml.Tests.Graphs;

/// <summary>A graph is built once for a shape; memory is used again; values stay what they were.</summary>
public class GraphTests
{
    [GgmlFact]
    public void Steps_of_the_same_shapes_run_the_same_graph()
    {
        using GgmlBackend backend = TestDevices.Create(TestDevices.Cpu);
        Tensor weight = Of(backend, new Shape(3, 4), 0.5f), gradient = backend.Allocate(new Shape(3, 4)), m = Of(backend, new Shape(3, 4), 0), v = Of(backend, new Shape(3, 4), 0);
        float[] read = new float[8];
        long held = 0;
        for (int step = 1; step <= 6; step++)
        {
            Tensor x = Of(backend, new Shape(2, 4), step), y = backend.Allocate(new Shape(2, 3));
            backend.MatMul(y, x, weight, MatMulLayout.NT);
            backend.MatMul(gradient, y, x, MatMulLayout.TN);
            backend.AdamW(weight, gradient, m, v, new AdamWStep(1e-2f / step, 0.9f, 0.95f, 1e-8f, 0, step, 0.5f));
            backend.Read(y, read.AsSpan(0, 6));
            backend.Release(x);
            backend.Release(y);
            held = step == 1 ? backend.DeviceBytes : held;
            Assert.Equal(held, backend.DeviceBytes);
        }

        Assert.Equal((1L, 5L), backend.GraphCounts);
    }

    [GgmlFact]
    public void What_nobody_reads_is_not_computed_and_not_stored()
    {
        using GgmlBackend backend = TestDevices.Create(TestDevices.Cpu);
        Tensor x = Of(backend, new Shape(4), 1), unread = backend.Allocate(new Shape(4));
        backend.Add(unread, x, x);
        backend.Release(unread);
        backend.Flush();
        Assert.Equal(16, backend.AllocatedBytes);
    }

    [GgmlFact]
    public void A_graph_that_is_used_again_survives_a_larger_one_between()
    {
        using GgmlBackend backend = TestDevices.Create(TestDevices.Cpu);
        float Norm(int size)
        {
            Tensor x = Of(backend, new Shape(8, size), 2), y = backend.Allocate(new Shape(8, size)), inverse = backend.Allocate(new Shape(8)), w = Of(backend, new Shape(size), 3);
            backend.RmsNorm(y, inverse, x, w, 0);
            backend.AddScaled(y, x, 0.5f);
            float[] values = new float[8 * size];
            backend.Read(y, values);
            foreach (Tensor tensor in (Tensor[])[x, y, inverse, w])
                backend.Release(tensor);
            return values[^1];
        }

        foreach (int size in (int[])[16, 4096, 16, 64, 16])
            Assert.Equal(4, Norm(size), 1e-5);
        Assert.Equal(2, backend.GraphCounts.Reused);
    }

    [GgmlFact]
    public void A_value_that_is_overwritten_is_still_what_earlier_work_read()
    {
        using GgmlBackend backend = TestDevices.Create(TestDevices.Cpu);
        Tensor a = Of(backend, new Shape(2), 1), b = Of(backend, new Shape(2), 2), old = backend.Allocate(new Shape(2));
        backend.Copy(old, a);
        backend.AddScaled(a, b, 10); // in a's own memory
        backend.Write(b, [5f, 5f]); // while the addition waits
        backend.Add(b, b, a);
        float[] read = new float[2];
        backend.Read(b, read);
        Assert.Equal([26, 26], read);
        backend.Read(a, read);
        Assert.Equal([21, 21], read);
        backend.Read(old, read);
        Assert.Equal([1, 1], read);
    }

    private static Tensor Of(GgmlBackend backend, Shape shape, float value)
    {
        Tensor tensor = backend.Allocate(shape);
        backend.Fill(tensor, value);
        return tensor;
    }
}
