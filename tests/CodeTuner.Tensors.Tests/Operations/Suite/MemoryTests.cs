using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Reference;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>What every backend promises about its memory.</summary>
public class MemoryTests
{
    public static TheoryData<string> Backends => BackendsUnderTest.All;

    [BackendTheory]
    [MemberData(nameof(Backends))]
    public void CountsWhatIsHandedOut(string name)
    {
        using Backend backend = BackendsUnderTest.Create(name);
        Assert.Equal(0, backend.AllocatedBytes);
        Tensor a = backend.Allocate(new Shape(1000)), b = backend.Allocate(new Shape(4, 64), DType.Q8_0);
        Assert.True(backend.AllocatedBytes >= 4000 + (8 * 34));
        backend.Release(a);
        Assert.InRange(backend.AllocatedBytes, 8 * 34, 3999);
        backend.Release(b);
        Assert.Equal(0, backend.AllocatedBytes);
    }

    [BackendTheory]
    [MemberData(nameof(Backends))]
    public void RefusesATensorThatWasReleased(string name)
    {
        using Backend backend = BackendsUnderTest.Create(name);
        Tensor tensor = backend.Allocate(new Shape(3));
        backend.Release(tensor);
        Assert.Throws<ObjectDisposedException>(() => backend.Release(tensor));
        Assert.Throws<ObjectDisposedException>(() => backend.Fill(tensor, 1));
        Assert.Throws<ObjectDisposedException>(() => backend.Read(tensor, new float[3]));
    }

    [BackendTheory]
    [MemberData(nameof(Backends))]
    public void RefusesATensorOfAnotherBackend(string name)
    {
        using Backend backend = BackendsUnderTest.Create(name);
        using Backend other = backend is ReferenceBackend ? new CpuBackend() : new ReferenceBackend();
        Tensor own = backend.Allocate(new Shape(3)), foreign = other.Allocate(new Shape(3));
        Assert.Throws<ArgumentException>(() => backend.AddScaled(own, foreign, 1));
        Assert.Throws<ArgumentException>(() => backend.Release(foreign));
    }

    [BackendTheory]
    [MemberData(nameof(Backends))]
    public void BytesAreAsTheyWereWritten(string name)
    {
        using Backend backend = BackendsUnderTest.Create(name);
        Random random = new(3);
        foreach (DType type in Enum.GetValues<DType>())
        {
            // Any bytes that are numbers: scales and exponents below the largest.
            byte[] bytes = new byte[type.Bytes(new Shape(3, 64))], back = new byte[bytes.Length];
            random.NextBytes(bytes);
            int step = type.BlockBytes();
            for (int i = type.IsQuantised() ? 1 : step - 1; i < bytes.Length; i += step)
                bytes[i] &= 0xBB;
            Tensor tensor = backend.Allocate(new Shape(3, 64), type);
            backend.WriteBytes(tensor, bytes);
            backend.ReadBytes(tensor, back);
            Assert.Equal(bytes, back);
        }
    }

    [BackendTheory]
    [MemberData(nameof(Backends))]
    public void RefusesRoomOfAnotherSize(string name)
    {
        using Backend backend = BackendsUnderTest.Create(name);
        Tensor floats = backend.Allocate(new Shape(3)), integers = backend.Allocate(new Shape(3), DType.Int32);
        Assert.ThrowsAny<ArgumentException>(() => backend.Write(floats, new float[4]));
        Assert.ThrowsAny<ArgumentException>(() => backend.Read(floats, new float[2]));
        Assert.ThrowsAny<ArgumentException>(() => backend.WriteBytes(floats, new byte[13]));
        Assert.ThrowsAny<ArgumentException>(() => backend.ReadBytes(floats, new byte[11]));
        Assert.ThrowsAny<ArgumentException>(() => backend.Write(floats, new int[3]));
        Assert.ThrowsAny<ArgumentException>(() => backend.Write(integers, new float[3]));
        Assert.ThrowsAny<ArgumentException>(() => backend.Read(integers, new float[3]));
        Assert.ThrowsAny<ArgumentException>(() => backend.Allocate(new Shape(2, 33), DType.Q8_0));
        Assert.ThrowsAny<ArgumentException>(() => backend.Allocate(new Shape(2, 48), DType.Q4_0));
    }
}
