using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.Ggml.Native;

/// <summary><c>ggml_tensor</c>, on 64-bit machines: 336 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GgmlTensorStruct
{
    public GgmlType Type;
    public nint Buffer;
    public fixed long Ne[4];
    public fixed ulong Nb[4];
    public GgmlOp Op;
    public fixed int OpParams[16];
    public GgmlTensorFlags Flags;
    public Sources Src;
    public GgmlTensorStruct* ViewSrc;
    public nuint ViewOffset;
    public nint Data;
    public fixed byte Name[64];
    public nint Extra;
    public fixed byte Padding[8];

    /// <summary><c>GGML_MAX_SRC</c> operands.</summary>
    [InlineArray(10)]
    public struct Sources
    {
        private nint first;
    }
}

/// <summary><c>ggml_init_params</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GgmlInitParams
{
    public nuint MemorySize;
    public nint MemoryBuffer;
    public byte NoAlloc;
}

/// <summary><c>ggml_backend_dev_props</c> with its <c>ggml_backend_dev_caps</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GgmlDeviceProperties
{
    public nint Name;
    public nint Description;
    public nuint MemoryFree;
    public nuint MemoryTotal;
    public GgmlDeviceType Type;
    public nint DeviceId;
    public byte Async;
    public byte HostBuffer;
    public byte BufferFromHostPointer;
    public byte Events;
    public byte MemoryMap;
}
