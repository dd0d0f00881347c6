namespace CodeTuner.Models.Checkpoints.Gguf;

/// <summary>The format's constants, from ggml's <c>gguf.h</c> and its description of the format.</summary>
internal static class GgufFormat
{
    /// <summary>"GGUF", read as a little-endian number.</summary>
    public const uint Magic = 0x46554747;

    public const uint Version = 3;

    /// <summary>What the data and each tensor in it are aligned to where the file does not say otherwise.</summary>
    public const uint DefaultAlignment = 32;

    public const string AlignmentKey = "general.alignment";

    /// <summary>ggml's tensors have no more dimensions.</summary>
    public const int MostDimensions = 4;

    /// <summary>The longest name of a tensor that ggml takes, in bytes.</summary>
    public const int LongestName = 63;

    public static long Align(long position, long alignment) => checked((position + alignment - 1) / alignment * alignment);
}
