using CodeTuner.Models.Architectures;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tensors.Ggml.Tests.Devices;

namespace CodeTuner.Tensors.Ggml.Tests.Graphs;

/// <summary>What a step takes on the device at its peak: a backend gives nothing back before it is asked to, so what it holds is the most it needed.</summary>
public class DeviceBytesTests
{
    private static readonly GgmlBackendOptions Small = TestDevices.Options with { BufferBytes = 1 << 16 };

    public static TheoryData<string> Devices => [.. TestDevices.Names];

    [GgmlTheory]
    [MemberData(nameof(Devices))]
    public void Checkpointing_takes_less_than_half_the_memory(string device)
    {
        long kept = StepBytes(device, checkpointing: false), computedAgain = StepBytes(device, checkpointing: true);
        Assert.InRange(computedAgain, 1, kept / 2);
    }

    [GgmlTheory]
    [MemberData(nameof(Devices))]
    public void A_loss_never_holds_the_logits_of_all_rows(string device)
    {
        const int Rows = 300, Columns = 16, Vocabulary = 4000;
        const long Scratch = 512 << 10, Logits = (long)Rows * Vocabulary * sizeof(float);
        (long whole, float[] expected) = Loss(Small);
        (long inChunks, float[] actual) = Loss(Small with { ScratchBytes = Scratch });
        Assert.True(whole > Logits, $"Without chunks {whole} bytes were held: the test shows nothing.");

        // What goes in and comes out, and a few times the room that a chunk may take.
        Assert.InRange(inChunks, 1, (8 * Scratch) + (3L * Vocabulary * Columns * sizeof(float)));
        Assert.True(inChunks < Logits, $"{inChunks} bytes were held.");
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5);

        (long Bytes, float[] Losses) Loss(GgmlBackendOptions options)
        {
            using GgmlBackend backend = TestDevices.Create(device, options);
            Random random = new(5);
            Tensor Filled(int rows)
            {
                Tensor tensor = backend.Allocate(new Shape(rows, Columns));
                backend.Write(tensor, [.. Enumerable.Range(0, rows * Columns).Select(_ => random.NextSingle() - 0.5f)]);
                return tensor;
            }

            Tensor hidden = Filled(Rows), weight = Filled(Vocabulary), losses = backend.Allocate(new Shape(Rows)), gradient = backend.Allocate(hidden.Shape);
            Tensor targets = backend.Allocate(new Shape(Rows), DType.Int32);
            backend.Write(targets, [.. Enumerable.Range(0, Rows).Select(_ => random.Next(Vocabulary))]);
            backend.LinearCrossEntropy(losses, hidden, weight, targets, 1f / Rows, gradient, null, false);
            float[] values = new float[Rows], gradients = new float[Rows * Columns];
            backend.Read(losses, values);
            backend.Read(gradient, gradients);
            return (backend.DeviceBytes, [.. values, .. gradients]);
        }
    }

    private static long StepBytes(string device, bool checkpointing)
    {
        ModelConfig config = new()
        {
            ModelType = "llama", VocabularySize = 128, HiddenSize = 32, IntermediateSize = 96, LayerCount = 8, QueryHeads = 4, KeyValueHeads = 2,
            HeadSize = 8, MaxPositions = 128, RmsNormEpsilon = 1e-5f, RopeTheta = 10000, TieWordEmbeddings = true,
            QkvBias = false, OutputBias = false, MlpBias = false,
        };
        using GgmlBackend backend = TestDevices.Create(device, Small);
        using Decoder decoder = Decoder.Random(config, backend, seed: 3);
        decoder.TrainAll();
        Tape tape = new(backend) { IsRecording = true };
        int[] positions = [.. Enumerable.Range(0, 128)];
        Variable hidden = decoder.Forward(tape, new DecoderInput(tape.Integers(positions), tape.Integers(positions), null, 1, 128), checkpointing: checkpointing);
        Variable loss = tape.LinearCrossEntropy(hidden, decoder.OutputWeight, tape.Integers(positions), 1f / 128);
        backend.Read(loss.Value, new float[128]);
        tape.Backward();
        backend.Flush();
        long held = backend.DeviceBytes;
        tape.Reset();
        return held - (2 * decoder.Parameters.Sum(p => p.Shape.Count * sizeof(float)));
    }
}
