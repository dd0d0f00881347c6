using CodeTuner.Models.Architectures;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Ggml.Tests.Devices;

namespace CodeTuner.Tensors.Ggml.Tests.Graphs;

/// <summary>Decoding a token runs the graph of the token before.</summary>
public class DecodingGraphTests
{
    private const int Prompt = 250, Tokens = 20;

    public static TheoryData<string> Devices => [.. TestDevices.Names];

    [GgmlTheory]
    [MemberData(nameof(Devices))]
    public void A_graph_serves_many_positions_and_agrees_with_the_processor(string device)
    {
        using CpuBackend cpu = new();
        using GgmlBackend backend = TestDevices.Create(device);
        List<long> built = [];
        List<float[]> expected = Decode(cpu, () => { }), actual = Decode(backend, () => built.Add(backend.GraphCounts.Built));

        // One for the prompt, one for a token, and another token's once there are more than 256 keys.
        Assert.Equal([1, .. Enumerable.Repeat(2L, 256 - Prompt), .. Enumerable.Repeat(3L, Prompt + Tokens - 256)], built);
        foreach ((float[] wanted, float[] got) in expected.Zip(actual))
        {
            for (int i = 0; i < wanted.Length; i++)
                Assert.Equal(wanted[i], got[i], 1e-4);
        }
    }

    // The logits after a prompt and after each token behind it.
    private static List<float[]> Decode(Backend backend, Action stepped)
    {
        ModelConfig config = new()
        {
            ModelType = "llama", VocabularySize = 64, HiddenSize = 32, IntermediateSize = 64, LayerCount = 2, QueryHeads = 4, KeyValueHeads = 2,
            HeadSize = 8, MaxPositions = 1024, RmsNormEpsilon = 1e-5f, RopeTheta = 10000, TieWordEmbeddings = true,
            QkvBias = false, OutputBias = false, MlpBias = false,
        };
        using Decoder decoder = Decoder.Random(config, backend, seed: 3);
        using KeyValueCache cache = new(backend, config);
        cache.Reserve(600);
        Tape tape = new(backend);
        List<float[]> all = [];
        int[] ids = [.. Enumerable.Range(0, Prompt + Tokens).Select(i => i * 29 % 64)];
        for (int from = 0, to = Prompt; from < ids.Length; (from, to) = (to, to + 1))
        {
            DecoderInput input = new(tape.Integers(ids[from..to]), tape.Integers([.. Enumerable.Range(from, to - from)]), null, 1, to - from);
            Variable hidden = decoder.Forward(tape, input, cache);
            float[] logits = new float[64];
            backend.Read(decoder.Logits(tape, tape.Gather(hidden, tape.Integers([to - from - 1]))).Value, logits);
            tape.Reset();
            all.Add(logits);
            stepped();
        }

        return all;
    }
}
