using CodeTuner.Tensors.Ggml.Native;
using CodeTuner.Tensors.Ggml.Tests.Devices;

namespace CodeTuner.Tensors.Ggml.Tests.Native;

/// <summary>Names, layouts and values of the bindings, held against the library itself.</summary>
public unsafe class BindingTests
{
    [GgmlFact]
    public void The_library_is_of_the_release_that_the_bindings_are_for()
    {
        GgmlLibrary library = GgmlLibrary.Load(TestDevices.Search);
        Assert.Equal(GgmlRelease.Version, library.Version);
        Assert.Contains(library.Devices, device => device.Kind == GgmlDeviceKind.Cpu);
    }

    [GgmlFact]
    public void Operations_and_types_have_the_librarys_numbers()
    {
        GgmlLibrary.Load(TestDevices.Search);
        foreach (GgmlOp op in Enum.GetValues<GgmlOp>())
            Assert.Equal(Normal(op.ToString()), Normal(Ggml.Native.Ggml.OpName(op)));
        foreach (GgmlUnaryOp op in Enum.GetValues<GgmlUnaryOp>())
            Assert.Equal(Normal(op.ToString()), Normal(Ggml.Native.Ggml.UnaryOpName(op)));
        foreach (GgmlType type in Enum.GetValues<GgmlType>())
            Assert.Equal(Normal(type.ToString()), Normal(Ggml.Native.Ggml.TypeName(type)));
        foreach (GgmlStatus status in Enum.GetValues<GgmlStatus>())
            Assert.Contains(status switch { GgmlStatus.AllocFailed => "allocate", _ => status.ToString().ToLowerInvariant() }, Ggml.Native.Ggml.StatusToString(status));
    }

    [GgmlFact]
    public void Storage_types_take_as_many_bytes()
    {
        GgmlLibrary.Load(TestDevices.Search);
        foreach (DType type in Enum.GetValues<DType>())
        {
            GgmlType native = NativeTypes.Of(type);
            long block = Ggml.Native.Ggml.BlockSize(native);
            Assert.Equal(type.RowBytes(block), (long)Ggml.Native.Ggml.TypeSize(native));
        }
    }

    [GgmlFact]
    public void A_tensor_has_the_layout_that_is_declared()
    {
        GgmlLibrary.Load(TestDevices.Search);
        Assert.Equal((nuint)(sizeof(GgmlTensorStruct) + GgmlRelease.ObjectSize), Ggml.Native.Ggml.TensorOverhead());
        nint context = Ggml.Native.Ggml.Init(new GgmlInitParams { MemorySize = 1 << 16, NoAlloc = 1 });
        GgmlTensorStruct* a = (GgmlTensorStruct*)Ggml.Native.Ggml.NewTensor4D(context, GgmlType.Q8_0, 64, 3, 5, 7);
        GgmlTensorStruct* view = (GgmlTensorStruct*)Ggml.Native.Ggml.View4D(context, (nint)a, 32, 3, 1, 1, 68, 204, 204, 34);
        Ggml.Native.Ggml.SetOutput((nint)view);
        Assert.Equal((GgmlType.Q8_0, GgmlOp.None, (nint)0, (nint)0), (a->Type, a->Op, a->Buffer, a->Data));
        Assert.Equal((64L, 3L, 5L, 7L), (a->Ne[0], a->Ne[1], a->Ne[2], a->Ne[3]));
        Assert.Equal((34UL, 68UL, 204UL, 1020UL), (a->Nb[0], a->Nb[1], a->Nb[2], a->Nb[3]));
        Assert.Equal((GgmlOp.View, GgmlTensorFlags.Output, (nuint)34), (view->Op, view->Flags, view->ViewOffset));
        Assert.True(view->ViewSrc == a && view->Src[0] == (nint)a);
        Ggml.Native.Ggml.Free(context);
    }

    [GgmlFact]
    public void A_device_describes_itself()
    {
        GgmlDevice device = TestDevices.Device(TestDevices.Cpu);
        Ggml.Native.Ggml.BackendDeviceGetProperties(device.Handle, out GgmlDeviceProperties properties);
        Assert.Equal(GgmlDeviceType.Cpu, properties.Type);
        Assert.Equal((long)properties.MemoryTotal, device.Memory.Total);
        Assert.InRange(device.Memory.Free, 1, device.Memory.Total);
        Assert.Equal((byte)0, (byte)(properties.Async & 0xFE));
        Assert.Equal("CPU", device.Interface);
    }

    private static string Normal(string name) => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
}
