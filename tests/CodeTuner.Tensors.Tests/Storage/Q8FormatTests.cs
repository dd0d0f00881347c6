using System.Runtime.InteropServices;
using CodeTuner.Tensors.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Tensors.Tests.Storage;

public class Q8FormatTests
{
    [Fact]
    public void ABlockIsItsScaleAndSignedSteps()
    {
        // The largest is 127 · 0.5, so the scale is exactly 0.5 and the others are counted in halves; ties go away from zero.
        float[] block = new float[32];
        (block[0], block[1], block[2], block[3], block[4]) = (-63.5f, 10, -0.25f, 0.25f, 0.24f);
        byte[] bytes = new byte[34];
        Q8Format.Encode(block, bytes);
        Assert.Equal((Half)0.5f, MemoryMarshal.Read<Half>(bytes));
        Assert.Equal([-127, 20, -1, 1, 0], bytes[2..7].Select(b => (int)(sbyte)b));
        Assert.All(bytes[7..], b => Assert.Equal(0, b));
    }

    [Fact]
    public void ZerosStayZeros()
    {
        byte[] bytes = new byte[68];
        float[] back = new float[64];
        Q8Format.Encode(new float[64], bytes);
        Assert.All(bytes, b => Assert.Equal(0, b));
        Q8Format.Decode(bytes, back);
        Assert.All(back, value => Assert.Equal(0, value));
    }

    [Fact]
    public void EachBlockHasItsOwnScale()
    {
        float[] values = new float[64];
        (values[0], values[32]) = (127, 1270);
        byte[] bytes = new byte[68];
        Q8Format.Encode(values, bytes);
        Assert.Equal((Half)1, MemoryMarshal.Read<Half>(bytes));
        Assert.Equal((Half)10, MemoryMarshal.Read<Half>(bytes.AsSpan(34)));
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
                byte[] bytes = new byte[34];
                Q8Format.Encode(values, bytes);
                Q8Format.Decode(bytes, back);

                // Half a step of rounding, and what rounding the scale to float16 adds at the far end: 127 · 2⁻¹¹ of a step, and
                // where it is subnormal 127 · 2⁻²⁵.
                float step = values.Max(MathF.Abs) / 127;
                double allowed = (step * (0.5 + (127.0 / 2048) + 1e-4)) + (127 * Math.Pow(2, -25));
                return Enumerable.Range(0, 32).All(i => Math.Abs(values[i] - back[i]) <= allowed);
            }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(DType.Q8_0, 33, 34)]
    [InlineData(DType.Q8_0, 32, 33)]
    [InlineData(DType.Q4_0, 48, 27)]
    [InlineData(DType.Q4_0, 32, 17)]
    [InlineData(DType.BFloat16, 3, 5)]
    [InlineData(DType.Float16, 3, 7)]
    [InlineData(DType.Float32, 3, 11)]
    [InlineData(DType.Int32, 3, 12)]
    public void RefusesRoomThatDoesNotFit(DType type, int values, int bytes)
    {
        Assert.ThrowsAny<ArgumentException>(() => StorageFormats.Encode(new float[values], new byte[bytes], type));
        Assert.ThrowsAny<ArgumentException>(() => StorageFormats.Decode(new byte[bytes], new float[values], type));
    }
}
