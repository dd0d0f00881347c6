using CodeTuner.Tensors;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Models.Architectures;

/// <summary>The cosines and sines of the rotary embedding.</summary>
internal static class RotaryTable
{
    /// <summary>(positions, D): row p holds cos of p · frequency for D/2 frequencies, then sin.</summary>
    public static float[] Make(ModelConfig config, int positions, DType frequencies)
    {
        Span<float> rounded = stackalloc float[1];
        Span<byte> stored = stackalloc byte[4];
        int half = config.HeadSize / 2;
        float[] table = new float[(long)positions * config.HeadSize];
        for (int i = 0; i < half; i++)
        {
            // float32 frequencies, as the models were trained with.
            float frequency = (float)(1 / Math.Pow(config.RopeTheta, 2.0 * i / config.HeadSize));
            if (config.RopeScaling is { } scaling)
                frequency = (float)scaling.Apply(frequency);
            rounded[0] = frequency;
            Span<byte> bytes = stored[..(int)frequencies.RowBytes(1)];
            StorageFormats.Encode(rounded, bytes, frequencies);
            StorageFormats.Decode(bytes, rounded, frequencies);
            frequency = rounded[0];
            for (int p = 0; p < positions; p++)
            {
                float angle = p * frequency;
                table[((long)p * config.HeadSize) + i] = MathF.Cos(angle);
                table[((long)p * config.HeadSize) + half + i] = MathF.Sin(angle);
            }
        }

        return table;
    }
}
