using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Tests.Storage;

public class Float16FormatTests
{
    [Theory]
    [InlineData(1f, 0x3C00)]
    [InlineData(-2f, 0xC000)]
    [InlineData(65504f, 0x7BFF)] // the largest
    [InlineData(65519f, 0x7BFF)] // less than half a step above it
    [InlineData(65520f, 0x7C00)] // a tie above it: infinity
    [InlineData(1f + (1f / 2048), 0x3C00)] // a tie: to even, down
    [InlineData(1f + (3f / 2048), 0x3C02)] // a tie: to even, up
    [InlineData(5.9604645e-8f, 0x0001)] // the smallest subnormal, 2⁻²⁴
    [InlineData(2.9802322e-8f, 0x0000)] // half of it: a tie, to even
    [InlineData(float.NegativeInfinity, 0xFC00)]
    public void RoundsToNearestEven(float value, int expected)
    {
        Half[] encoded = new Half[1];
        Float16Format.Encode([value], encoded);
        Assert.Equal(expected, BitConverter.HalfToUInt16Bits(encoded[0]));
    }

    [Fact]
    public void EveryNumberSurvives()
    {
        Half[] codes = [.. Enumerable.Range(0, 65536).Select(i => BitConverter.UInt16BitsToHalf((ushort)i)).Where(h => !Half.IsNaN(h))];
        float[] decoded = new float[codes.Length];
        Half[] again = new Half[codes.Length];
        Float16Format.Decode(codes, decoded);
        Float16Format.Encode(decoded, again);
        Assert.Equal(codes.Select(BitConverter.HalfToUInt16Bits), again.Select(BitConverter.HalfToUInt16Bits));
    }

    [Theory]
    [InlineData(0, 65536)]
    [InlineData(1, 65535)]
    [InlineData(3, 31)]
    [InlineData(1000, 7)]
    [InlineData(0, 0)]
    public void EveryCodeIsWidenedAsTheLanguageDoes(int first, int count)
    {
        Half[] codes = [.. Enumerable.Range(first, count).Select(i => BitConverter.UInt16BitsToHalf((ushort)i))];
        float[] decoded = new float[count];
        Float16Format.Decode(codes, decoded);
        Assert.Equal(codes.Select(h => (float)h), decoded);
    }
}
