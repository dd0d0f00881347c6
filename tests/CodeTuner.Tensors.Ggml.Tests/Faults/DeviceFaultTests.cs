using CodeTuner.Tensors.Ggml.Native;
using CodeTuner.Tensors.Ggml.Tests.Devices;

namespace CodeTuner.Tensors.Ggml.Tests.Faults;

/// <summary>Out of memory in each phase, and a device that goes away during a step.</summary>
public class DeviceFaultTests
{
    private readonly float[] values = new float[4];

    [GgmlFact]
    public void Without_room_for_a_tensor_the_others_keep_what_they_hold()
    {
        using FaultyStream stream = new();
        using GgmlBackend backend = new(stream, TestDevices.Options);
        Tensor x = Filled(backend, 2);
        stream.IsFull = true;
        Tensor large = backend.Allocate(new Shape(64 << 20));
        DeviceMemoryException e = Assert.Throws<DeviceMemoryException>(() => backend.Fill(large, 1));
        Assert.Contains("has no room for 269 MB more", e.Message);
        Assert.Contains("A smaller batch", e.Message);
        stream.IsFull = false;
        backend.AddScaled(x, x, 1);
        backend.Read(x, values);
        Assert.Equal([4, 4, 4, 4], values);
    }

    [GgmlTheory]
    [InlineData("tensors")]
    [InlineData("inner values")]
    [InlineData("computing")]
    public void A_step_without_room_changes_nothing_and_can_be_tried_again(string phase)
    {
        using FaultyStream stream = new();
        using GgmlBackend backend = new(stream, TestDevices.Options);
        Tensor weight = Filled(backend, 2), gradient = Filled(backend, 1);
        Tensor large = backend.Allocate(new Shape(4, 16 << 20)), row = backend.Allocate(new Shape(4, 1)), column = backend.Allocate(new Shape(1, 16 << 20));
        backend.Fill(row, 1);
        backend.Fill(column, 1);
        void Step()
        {
            backend.AddScaled(weight, gradient, -0.5f);
            backend.MatMul(large, row, column, MatMulLayout.NN);
        }

        Step();
        stream.IsFull = phase == "tensors";
        stream.CanPlan = phase != "inner values";
        stream.Outcome = phase == "computing" ? GgmlStatus.AllocFailed : null;
        Assert.Throws<DeviceMemoryException>(backend.Flush);
        stream.IsFull = false;
        stream.CanPlan = true;
        stream.Outcome = null;
        backend.Read(weight, values);
        Assert.Equal([2, 2, 2, 2], values);
        Step();
        backend.Read(weight, values);
        Assert.Equal([1.5f, 1.5f, 1.5f, 1.5f], values);
    }

    [GgmlFact]
    public void A_device_that_goes_away_says_so_until_the_backend_is_given_up()
    {
        using FaultyStream stream = new();
        using GgmlBackend backend = new(stream, TestDevices.Options);
        Tensor weight = Filled(backend, 2);
        backend.AddScaled(weight, weight, 1);
        stream.Outcome = GgmlStatus.Failed;
        Assert.Contains("from the last checkpoint", Assert.Throws<DeviceLostException>(() => backend.Read(weight, values)).Message);
        stream.Outcome = null;
        Assert.Throws<DeviceLostException>(() => backend.Read(weight, values));
        Assert.Throws<DeviceLostException>(() => backend.Allocate(new Shape(1)));
        backend.Release(weight);
    }

    [GgmlFact]
    public void Two_backends_share_a_device()
    {
        using GgmlBackend one = TestDevices.Create(TestDevices.Cpu), two = TestDevices.Create(TestDevices.Cpu);
        Tensor a = Filled(one, 1), b = Filled(two, 2);
        one.AddScaled(a, a, 1);
        two.AddScaled(b, b, 1);
        one.Read(a, values);
        Assert.Equal(2, values[0]);
        two.Read(b, values);
        Assert.Equal(4, values[0]);
    }

    private static Tensor Filled(GgmlBackend backend, float value)
    {
        Tensor tensor = backend.Allocate(new Shape(4));
        backend.Fill(tensor, value);
        return tensor;
    }
}
