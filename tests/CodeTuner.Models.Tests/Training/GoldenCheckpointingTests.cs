using CodeTuner.Models.Architectures;
using CodeTuner.Models.Lora;
using CodeTuner.Models.Tests.Architectures;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Training;

/// <summary>Computing blocks again in the backward pass changes what is kept, not what comes out.</summary>
public class GoldenCheckpointingTests
{
    public static TheoryData<string, bool> Runs
    {
        get
        {
            TheoryData<string, bool> data = [];
            foreach (string on in GoldenBackends.Training)
            {
                data.Add(on, true);
                data.Add(on, false);
            }

            return data;
        }
    }

    [GoldenTheory]
    [MemberData(nameof(Runs))]
    public void Gradients_are_the_same_and_less_is_kept(string on, bool lora)
    {
        (Dictionary<string, float[]> kept, long keptBytes) = Gradients(on, lora, checkpointing: false);
        (Dictionary<string, float[]> computedAgain, long bytes) = Gradients(on, lora, checkpointing: true);
        Assert.Equal(kept.Keys, computedAgain.Keys);
        foreach ((string name, float[] gradient) in kept)
        {
            // A device may compute a value that is kept in another way than one that is not.
            float largest = gradient.Max(MathF.Abs);
            Assert.True(largest > 0, $"{name} has no gradient: the test shows nothing");
            GoldenModelTests.AssertClose(gradient, computedAgain[name], on.StartsWith("ggml", StringComparison.Ordinal) ? 1e-5 * largest : 0);
        }

        Assert.InRange(bytes, 1, keptBytes / 4);
    }

    // The gradients of one micro-batch with dropout, and what the forward pass left in memory for the backward pass.
    private static (Dictionary<string, float[]> Gradients, long Bytes) Gradients(string on, bool lora, bool checkpointing)
    {
        using Backend backend = GoldenBackends.Create(on);
        using Decoder decoder = GoldenDecoder.Load("models/llama", backend);
        using LoraAdapterSet? adapter = lora ? LoraAdapterSet.Load(decoder, Golden.At("training", "lora", "initial")) : null;
        adapter?.Train();
        if (!lora)
            decoder.TrainAll();
        Parameter[] trained = adapter is null ? [.. decoder.Parameters] : [.. adapter.Parameters];
        foreach (Parameter b in trained.Where(p => p.Name.Contains("lora_B", StringComparison.Ordinal)))
        {
            // New adapters have zeros there, which would leave A without a gradient.
            GaussianSequence gaussian = new(7);
            float[] values = new float[b.Shape.Count];
            for (int i = 0; i < values.Length; i++)
                values[i] = 0.1f * gaussian.Next();
            backend.Write(b.Value, values);
        }

        Tape tape = new(backend) { IsRecording = true, IsTraining = true, DropoutSeed = 11 };
        int[] ids = [.. Enumerable.Range(0, 48).Select(i => (i * 37 % 300) + 2)], positions = [.. Enumerable.Range(0, 24), .. Enumerable.Range(0, 24)];
        long before = backend.AllocatedBytes;
        DecoderInput input = new(tape.Integers(ids), tape.Integers(positions), null, 2, 24);
        Variable hidden = decoder.Forward(tape, input, dropout: 0.1f, checkpointing: checkpointing);
        long after = backend.AllocatedBytes;
        _ = tape.LinearCrossEntropy(hidden, decoder.OutputWeight, tape.Integers([.. ids.Select(id => (id * 7 % 300) + 2)]), 1f / 48);
        tape.Backward();
        tape.Reset();
        Dictionary<string, float[]> gradients = trained.ToDictionary(p => p.Name, p =>
        {
            float[] values = new float[p.Shape.Count];
            backend.Read(p.Gradient!, values);
            return values;
        });
        return (gradients, after - before);
    }
}
