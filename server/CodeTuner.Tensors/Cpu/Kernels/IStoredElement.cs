using System.Runtime.CompilerServices;
using CodeTuner.Tensors.Cpu.Simd;

namespace CodeTuner.Tensors.Cpu.Kernels;

/// <summary>How a row's elements are stored, for loops that are written once for all types.</summary>
internal unsafe interface IStoredElement<T>
    where T : struct, ISimd<T>
{
    /// <summary>Widens a register's worth of a row, from element <paramref name="index"/> on.</summary>
    static abstract T Load(void* row, long index);

    /// <summary>Widens one element.</summary>
    static abstract float One(void* row, long index);
}

/// <summary>float32.</summary>
internal readonly unsafe struct Float32Element<T> : IStoredElement<T>
    where T : struct, ISimd<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(void* row, long index) => T.Load((float*)row + index);

    public static float One(void* row, long index) => ((float*)row)[index];
}

/// <summary>bfloat16.</summary>
internal readonly unsafe struct BFloat16Element<T> : IStoredElement<T>
    where T : struct, ISimd<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(void* row, long index) => T.LoadBFloat16((ushort*)row + index);

    public static float One(void* row, long index) => BitConverter.UInt32BitsToSingle((uint)((ushort*)row)[index] << 16);
}

/// <summary>float16.</summary>
internal readonly unsafe struct Float16Element<T> : IStoredElement<T>
    where T : struct, ISimd<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(void* row, long index) => T.LoadFloat16((Half*)row + index);

    public static float One(void* row, long index) => (float)((Half*)row)[index];
}
