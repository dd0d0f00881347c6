namespace CodeTuner.Tensors.Cpu.Simd;

/// <summary>
/// A register of float32 lanes. Kernels are written once over this and compiled for each width;
/// static abstract members leave nothing of it at run time.
/// </summary>
/// <typeparam name="T">The implementing struct.</typeparam>
internal unsafe interface ISimd<T>
    where T : struct, ISimd<T>
{
    /// <summary>Lanes in a register.</summary>
    static abstract int Width { get; }

    /// <summary>All lanes zero.</summary>
    static abstract T Zero { get; }

    /// <summary>All lanes <paramref name="value"/>.</summary>
    static abstract T Broadcast(float value);

    /// <summary>Reads <see cref="Width"/> floats, at any address.</summary>
    static abstract T Load(float* from);

    /// <summary>Widens <see cref="Width"/> bfloat16.</summary>
    static abstract T LoadBFloat16(ushort* from);

    /// <summary>Widens <see cref="Width"/> float16.</summary>
    static abstract T LoadFloat16(Half* from);

    /// <summary>Writes the lanes.</summary>
    static abstract void Store(T value, float* to);

    /// <summary>Asks for the cache line of what will be read or written soon; it may lie outside of what is allocated.</summary>
    static abstract void Prefetch(float* at);

    /// <summary>a · b + c.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>2 to the power of each lane, whole numbers from −127 on, which gives 0, to 127.</summary>
    static abstract T TwoTo(T whole);

    /// <summary>Square root of each lane.</summary>
    static abstract T Sqrt(T value);

    /// <summary>The larger of each pair of lanes; where <paramref name="b"/> is NaN, NaN.</summary>
    static abstract T Max(T a, T b);

    /// <summary>The smaller of each pair of lanes; where <paramref name="b"/> is NaN, NaN.</summary>
    static abstract T Min(T a, T b);

    /// <summary>The sum of the lanes.</summary>
    static abstract float Sum(T value);

    /// <summary>Writes the sums of the lanes of four, each as <see cref="Sum"/> gives it.</summary>
    static abstract void StoreSums(T a, T b, T c, T d, float* to);

    /// <summary>The largest lane.</summary>
    static abstract float MaxLane(T value);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);
}
