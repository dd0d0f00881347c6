using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Tests.Storage;

public class BFloat16FormatTests
{
    [Theory]
    [InlineData(0x00000000u, 0x0000)] // 0
    [InlineData(0x80000000u, 0x8000)] // −0
    [InlineData(0x3F800000u, 0x3F80)] // 1
    [InlineData(0x3F807FFFu, 0x3F80)] // just below half a step: down
    [InlineData(0x3F808000u, 0x3F80)] // a tie: to even, down
    [InlineData(0x3F818000u, 0x3F82)] // a tie: to even, up
    [InlineData(0x3F808001u, 0x3F81)] // just above half a step: up
    [InlineData(0xBF818000u, 0xBF82)] // the same below zero
    [InlineData(0x3FFFFFFFu, 0x4000)] // the carry goes into the exponent
    [InlineData(0x7F7FFFFFu, 0x7F80)] // the largest float becomes infinity
    [InlineData(0x7F800000u, 0x7F80)] // infinity
    [InlineData(0xFF800000u, 0xFF80)] // −infinity
    [InlineData(0x00000001u, 0x0000)] // the smallest subnormal
    [InlineData(0x00018000u, 0x0002)] // a subnormal tie
    public void RoundsToNearestEven(uint bits, int expected)
    {
        ushort[] encoded = new ushort[1];
        BFloat16Format.Encode([BitConverter.UInt32BitsToSingle(bits)], encoded);
        Assert.Equal(expected, encoded[0]);
    }

    [Theory]
    [InlineData(0x7FC00000u)]
    [InlineData(0xFFC00000u)]
    [InlineData(0x7F800001u)] // its payload lies in the half that is cut off
    [InlineData(0xFFFFFFFFu)]
    public void KeepsNaN(uint bits)
    {
        ushort[] encoded = new ushort[1];
        float[] decoded = new float[1];
        BFloat16Format.Encode([BitConverter.UInt32BitsToSingle(bits)], encoded);
        BFloat16Format.Decode(encoded, decoded);
        Assert.True(float.IsNaN(decoded[0]));
    }

    [Fact]
    public void EveryFiniteCodeSurvives()
    {
        ushort[] codes = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i).Where(i => (i & 0x7F80) != 0x7F80)];
        float[] decoded = new float[codes.Length];
        ushort[] again = new ushort[codes.Length];
        BFloat16Format.Decode(codes, decoded);
        BFloat16Format.Encode(decoded, again);
        Assert.Equal(codes, again);
    }
}
