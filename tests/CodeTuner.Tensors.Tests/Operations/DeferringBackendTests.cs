using CodeTuner.Tensors.Reference;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>The seam's promise to backends that defer, tried on one that does.</summary>
public class DeferringBackendTests
{
    [Fact]
    public void NothingRunsBeforeAFlush()
    {
        ReferenceBackend inner = new();
        using DeferringBackend backend = new(inner);
        Tensor tensor = backend.Allocate(new Shape(3));
        backend.Write(tensor, [1f, 2f, 3f]);
        backend.AddScaled(tensor, tensor, 1);
        Assert.Equal(3, backend.Pending);
        Assert.Equal(0, inner.AllocatedBytes);
        backend.Flush();
        Assert.Equal(0, backend.Pending);
        Assert.Equal(12, inner.AllocatedBytes);
    }

    [Fact]
    public void ReadingRunsWhatCameBefore()
    {
        using DeferringBackend backend = new(new ReferenceBackend());
        Tensor a = backend.Allocate(new Shape(2)), b = backend.Allocate(new Shape(2));
        float[] source = [1, 2];
        backend.Write(a, source);
        source[0] = 100; // the caller's memory is its own again
        backend.Copy(b, a);
        backend.Write(a, [7f, 8f]); // later than the copy
        backend.Release(a);
        float[] values = new float[2];
        backend.Read(b, values);
        Assert.Equal([1, 2], values);
    }

    [Fact]
    public void AReleasedTensorLivesUntilItsLastUse()
    {
        ReferenceBackend inner = new();
        using DeferringBackend backend = new(inner);
        Tensor a = backend.Allocate(new Shape(2)), b = backend.Allocate(new Shape(2));
        backend.Fill(a, 3);
        backend.Copy(b, a);
        backend.Release(a);
        Assert.Equal(8, backend.AllocatedBytes);
        Assert.Throws<ObjectDisposedException>(() => backend.Fill(a, 1));
        float[] values = new float[2];
        backend.Read(b, values);
        Assert.Equal([3, 3], values);
        Assert.Equal(8, inner.AllocatedBytes);
    }
}
