using System.Text.Json;
using CodeTuner.Models.Architectures;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Models.Lora;
using CodeTuner.Models.Tests.Architectures;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tensors.Optimizers;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Training;

public class GoldenTrainingTests
{
    [GoldenTheory]
    [MemberData(nameof(GoldenBackends.Training), MemberType = typeof(GoldenBackends))]
    public void Full_fine_tuning_agrees_with_the_reference(string on)
    {
        JsonElement run = Golden.Json("training", "full", "run.json");
        using Backend backend = GoldenBackends.Create(on);
        using Decoder decoder = GoldenDecoder.Load(run.GetProperty("base").GetString()!, backend);
        decoder.TrainAll();
        Check(backend, decoder, [.. decoder.Parameters], run, Golden.At("training", "full", "final.safetensors"));
    }

    [GoldenTheory]
    [MemberData(nameof(GoldenBackends.Training), MemberType = typeof(GoldenBackends))]
    public void Lora_agrees_with_the_reference(string on)
    {
        JsonElement run = Golden.Json("training", "lora", "run.json");
        using Backend backend = GoldenBackends.Create(on);
        using Decoder decoder = GoldenDecoder.Load(run.GetProperty("base").GetString()!, backend);
        using LoraAdapterSet adapter = LoraAdapterSet.Load(decoder, Golden.At("training", "lora", "initial"));
        adapter.Train();
        Check(backend, decoder, [.. adapter.Parameters], run, Golden.At("training", "lora", "final.safetensors"));
    }

    private static void Check(Backend backend, Decoder decoder, Parameter[] trained, JsonElement run, string final)
    {
        using AdamW optimizer = new(backend, trained, new AdamWOptions());
        Tape tape = new(backend) { IsRecording = true };
        CosineSchedule schedule = new(run.GetProperty("peak_rate").GetDouble(), 3, 30);
        int number = 0;
        foreach (JsonElement step in run.GetProperty("steps").EnumerateArray())
        {
            JsonElement[] micro = [.. step.GetProperty("micro").EnumerateArray()];
            double loss = micro.Average(m => MicroBatch(tape, decoder, m, micro.Length));
            float norm = optimizer.GradientNorm();
            Assert.Equal(step.GetProperty("loss").GetDouble(), loss, 5e-4);
            Assert.InRange(norm / step.GetProperty("grad_norm").GetDouble(), 0.995, 1.005);
            Assert.Equal(step.GetProperty("rate").GetDouble(), schedule.RateAt(number), 1e-9);
            if (step.TryGetProperty("clipped_gradient_heads", out JsonElement heads) && heads.ValueKind == JsonValueKind.Object)
                CheckGradients(backend, trained, heads, Math.Min(1, 1 / (norm + 1e-6f)));
            optimizer.Step((float)schedule.RateAt(number++), norm, 1);
        }

        Assert.Equal(30, number);
        using SafetensorsFile file = new(final);
        foreach (Parameter parameter in trained)
        {
            string name = file.Entries.ContainsKey(parameter.Name) ? parameter.Name : parameter.Name.Replace(".weight", ".default.weight", StringComparison.Ordinal);
            float[] values = new float[parameter.Shape.Count];
            backend.Read(parameter.Value, values);
            GoldenModelTests.AssertClose(file.Floats(name), values, 2e-3);
        }
    }

    /// <summary>The loss of one micro-batch of a run, its gradients added to the parameters'.</summary>
    internal static double MicroBatch(Tape tape, Decoder decoder, JsonElement micro, int count)
    {
        int[][] ids = [.. micro.GetProperty("ids").EnumerateArray().Select(r => r.Ints())];
        int[][] labels = [.. micro.GetProperty("labels").EnumerateArray().Select(r => r.Ints())];
        int length = ids[0].Length;

        // The label at t is what position t - 1 has to predict, as in transformers.
        List<int> rows = [], targets = [];
        for (int b = 0; b < ids.Length; b++)
        {
            for (int t = 0; t + 1 < length; t++)
            {
                if (labels[b][t + 1] == -100)
                    continue;
                rows.Add((b * length) + t);
                targets.Add(labels[b][t + 1]);
            }
        }

        int[] positions = [.. ids.SelectMany(r => Enumerable.Range(0, r.Length))];
        DecoderInput input = new(tape.Integers([.. ids.SelectMany(r => r)]), tape.Integers(positions), null, ids.Length, length);
        Variable hidden = tape.Gather(decoder.Forward(tape, input), tape.Integers([.. rows]));
        Variable losses = tape.LinearCrossEntropy(hidden, decoder.OutputWeight, tape.Integers([.. targets]), 1f / (targets.Count * count));
        float[] values = new float[targets.Count];
        tape.Backend.Read(losses.Value, values);
        tape.Backward();
        tape.Reset();
        return values.Average();
    }

    private static void CheckGradients(Backend backend, Parameter[] trained, JsonElement heads, float clip)
    {
        int seen = 0;
        foreach (JsonProperty head in heads.EnumerateObject())
        {
            Parameter parameter = trained.Single(p => p.Name == head.Name.Replace(".default.weight", ".weight", StringComparison.Ordinal));
            float[] gradient = new float[parameter.Shape.Count];
            backend.Read(parameter.Gradient!, gradient);
            float[] wanted = head.Value.Floats();
            for (int i = 0; i < wanted.Length; i++)
                Assert.Equal(wanted[i], gradient[i] * clip, 1e-5);
            seen++;
        }

        Assert.Equal(trained.Length, seen);
    }
}
