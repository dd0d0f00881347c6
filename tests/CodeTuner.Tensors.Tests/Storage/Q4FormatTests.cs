using System.Runtime.InteropServices;
using CodeTuner.Tensors.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Tensors.Tests.Storage;

public class Q4FormatTests
{
    [Fact]
    public void ABlockIsItsScaleAndTwoHalves()
    {
        // The one farthest from zero is 8, so the scale is −1 and it is −8 steps; ties go up, in steps.
        float[] block = new float[32];
        (block[0], block[1], block[2], block[3], block[16], block[17], block[31]) = (8, -7, -8, 3, 0.5f, -0.5f, 1.25f);
        byte[] bytes = new byte[18];
        Q4Format.Encode(block, bytes);
        Assert.Equal((Half)(-1), MemoryMarshal.Read<Half>(bytes));
        Assert.Equal([0, 15, 15, 5, 8], bytes[2..7].Select(b => b & 15)); // −8 would be 16: the last step is 7
        Assert.Equal([8, 9, 8], bytes[2..5].Select(b => b >> 4));
        Assert.Equal(7, bytes[17] >> 4);

        float[] back = new float[32];
        Q4Format.Decode(bytes, back);
        Assert.Equal([8, -7, -7, 3], back[..4]);
        Assert.Equal([0, -1, 0], back[16..19]);
        Assert.Equal(1, back[31]);
    }

    [Fact]
    public void TheFirstOfTwoAsFarSetsTheScale()
    {
        float[] block = new float[32];
        (block[5], block[20]) = (-4, 4);
        byte[] bytes = new byte[18];
        Q4Format.Encode(block, bytes);
        Assert.Equal((Half)0.5f, MemoryMarshal.Read<Half>(bytes));
    }

    [Fact]
    public void ZerosStayZeros()
    {
        byte[] bytes = new byte[36];
        float[] back = [.. Enumerable.Repeat(1f, 64)];
        Q4Format.Encode(new float[64], bytes);
        Q4Format.Decode(bytes, back);
        Assert.All(back, value => Assert.Equal(0, value));
    }

    [Fact]
    public void EachBlockHasItsOwnScale()
    {
        float[] values = new float[64];
        (values[0], values[32]) = (-8, -80);
        byte[] bytes = new byte[36];
        Q4Format.Encode(values, bytes);
        Assert.Equal((Half)1, MemoryMarshal.Read<Half>(bytes));
        Assert.Equal((Half)10, MemoryMarshal.Read<Half>(bytes.AsSpan(18)));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void WhatIsNotFiniteIsNotHidden(float bad)
    {
        float[] values = [.. Enumerable.Repeat(1f, 64)], back = new float[64];
        values[7] = bad;
        byte[] bytes = new byte[36];
        Q4Format.Encode(values, bytes);
        Q4Format.Decode(bytes, back);
        Assert.False(float.IsFinite(back[7]));
        Assert.All(back[32..], value => Assert.Equal(1, value));
    }

    [Theory]
    [InlineData(1e-45f)]
    [InlineData(1e-39f)]
    [InlineData(1e-10f)]
    public void WhatIsTooSmallForAScaleBecomesZero(float tiny)
    {
        float[] values = new float[32], back = new float[32];
        (values[0], values[1]) = (tiny, -tiny);
        byte[] bytes = new byte[18];
        Q4Format.Encode(values, bytes);
        Q4Format.Decode(bytes, back);
        Assert.All(back, value => Assert.Equal(0, value));
    }

    [Fact]
    public void ErrorIsAtMostAStep()
    {
        Prop.ForAll(
            Gen.Choose(-1_000_000, 1_000_000).ArrayOf(32).ToArbitrary(),
            Gen.Choose(-3, 3).ToArbitrary(),
            (numbers, exponent) =>
            {
                float[] values = [.. numbers.Select(n => n * 1e-6f * MathF.Pow(10, exponent))], back = new float[32];
                byte[] bytes = new byte[18];
                Q4Format.Encode(values, bytes);
                Q4Format.Decode(bytes, back);

                // Half a step of rounding, and a whole one at the end without an eighth step; then what rounding the scale to float16
                // adds at the far end: 8 · 2⁻¹¹ of a step, and where it is subnormal 8 · 2⁻²⁵.
                float step = values.Max(MathF.Abs) / 8;
                double allowed = (step * (1 + (8.0 / 2048) + 1e-4)) + (8 * Math.Pow(2, -25));
                return Enumerable.Range(0, 32).All(i => Math.Abs(values[i] - back[i]) <= allowed);
            }).QuickCheckThrowOnFailure();
    }
}
