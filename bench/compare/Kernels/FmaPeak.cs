using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CodeTuner.Compare.Kernels;

/// <summary>How many float32 operations a second this machine does at best: multiply-adds that wait for nothing, on all threads at once.</summary>
internal static class FmaPeak
{
    private const int Steps = 200_000;
    private const int Repeats = 8;
    private const int Registers = 12; // more than latency times units

    private static readonly int Lanes = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>GFLOPS, of the best of some runs of a fraction of a millisecond: whatever disturbs one makes it slower.</summary>
    public static double Measure(int threads)
    {
        double[,] rates = new double[Repeats, threads];
        using Barrier start = new(threads);
        Thread[] all = [.. Enumerable.Range(0, threads).Select(i => new Thread(() =>
        {
            Run(Steps);
            for (int repeat = 0; repeat < Repeats; repeat++)
            {
                start.SignalAndWait();
                long before = Stopwatch.GetTimestamp();
                Run(Steps);
                rates[repeat, i] = 2.0 * Lanes * Registers * Steps / Stopwatch.GetElapsedTime(before).TotalSeconds / 1e9;
            }
        }))];
        foreach (Thread thread in all)
            thread.Start();
        foreach (Thread thread in all)
            thread.Join();
        return Enumerable.Range(0, Repeats).Max(repeat => Enumerable.Range(0, threads).Sum(i => rates[repeat, i]));
    }

    private static float Run(int steps) =>
        Vector512.IsHardwareAccelerated ? Run512(steps) : Vector256.IsHardwareAccelerated ? Run256(steps) : Run128(steps);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run512(int steps)
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(0.001f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int n = 0; n < steps; n++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }

        return Vector512.Sum(a + b + c + d + (e + f + g + h) + (i + j + k + l));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run256(int steps)
    {
        Vector256<float> x = Vector256.Create(0.999f), y = Vector256.Create(0.001f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int n = 0; n < steps; n++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
            i = Vector256.FusedMultiplyAdd(i, x, y);
            j = Vector256.FusedMultiplyAdd(j, x, y);
            k = Vector256.FusedMultiplyAdd(k, x, y);
            l = Vector256.FusedMultiplyAdd(l, x, y);
        }

        return Vector256.Sum(a + b + c + d + (e + f + g + h) + (i + j + k + l));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run128(int steps)
    {
        Vector128<float> x = Vector128.Create(0.999f), y = Vector128.Create(0.001f);
        Vector128<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int n = 0; n < steps; n++)
        {
            a = Vector128.FusedMultiplyAdd(a, x, y);
            b = Vector128.FusedMultiplyAdd(b, x, y);
            c = Vector128.FusedMultiplyAdd(c, x, y);
            d = Vector128.FusedMultiplyAdd(d, x, y);
            e = Vector128.FusedMultiplyAdd(e, x, y);
            f = Vector128.FusedMultiplyAdd(f, x, y);
            g = Vector128.FusedMultiplyAdd(g, x, y);
            h = Vector128.FusedMultiplyAdd(h, x, y);
            i = Vector128.FusedMultiplyAdd(i, x, y);
            j = Vector128.FusedMultiplyAdd(j, x, y);
            k = Vector128.FusedMultiplyAdd(k, x, y);
            l = Vector128.FusedMultiplyAdd(l, x, y);
        }

        return Vector128.Sum(a + b + c + d + (e + f + g + h) + (i + j + k + l));
    }
}
