using CodeTuner.Tensors.Ggml.Native;

namespace CodeTuner.Tensors.Ggml;

/// <summary>An operation of ggml that a device lacks.</summary>
/// <param name="Name">Such as <c>OUT_PROD (bf16)</c>: the operation, and the type of its first operand.</param>
/// <param name="Instead">How it is computed instead; null where the work can not be done there.</param>
public sealed record GgmlMissingOperation(string Name, string? Instead);

/// <summary>Asks a device about the operations of some work, as the backend records it. Nothing is computed.</summary>
public static class GgmlSurvey
{
    /// <summary>What the device lacks.</summary>
    /// <param name="device">The device; it is opened.</param>
    /// <param name="work">Gets a backend whose results are all zero.</param>
    /// <exception cref="GgmlDeviceException">It can not be opened.</exception>
    public static IReadOnlyList<GgmlMissingOperation> Missing(GgmlDevice device, Action<Backend> work)
    {
        HashSet<GgmlMissingOperation> missing = [];
        using Stream stream = new(device);
        using GgmlBackend backend = new(stream, new GgmlBackendOptions { BufferBytes = 1 << 20 }, missing);
        work(backend);
        return [.. missing.OrderBy(m => m.Name, StringComparer.Ordinal)];
    }

    private sealed unsafe class Stream(GgmlDevice device) : GgmlStream(device, threads: 1)
    {
        public override void Upload(GgmlTensorStruct* tensor, ReadOnlySpan<byte> bytes)
        {
        }

        public override void Download(GgmlTensorStruct* tensor, Span<byte> bytes) => bytes.Clear();

        public override GgmlStatus Compute(nint graph) => GgmlStatus.Success;
    }
}
