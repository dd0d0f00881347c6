using System.Text.Json;
using System.Text.Json.Nodes;
using CodeTuner.Models.Architectures;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Models.Lora;
using CodeTuner.Models.Tests.Architectures;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tensors.Optimizers;
using CodeTuner.Tensors.Reference;
using CodeTuner.Tensors.Storage;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Training;

/// <summary>
/// Adapters over a frozen base in blocks of eight or four bits: the reference run's rows and rates. There is no reference for the
/// losses, so they are held against the oracle's, in double, over a base in float32 that holds what the blocks stand for.
/// </summary>
public class GoldenQuantisedBaseTests
{
    /// <summary>The oracle is slow: it does so many steps of the run.</summary>
    public const int MostSteps = 12;

    /// <summary>What losses of about six may differ by where products with quantised matrices round activations to eight bits.</summary>
    public const double RoundedActivations = 1.5e-2;

    private static readonly Dictionary<DType, Lazy<double[]>> Expected = new[] { DType.Q8_0, DType.Q4_0 }
        .ToDictionary(type => type, type => new Lazy<double[]>(() => Losses(new ReferenceBackend(), type, MostSteps, dequantised: true)));

    public static TheoryData<string, int, double, DType> Runs
    {
        get
        {
            TheoryData<string, int, double, DType> data = [];
            foreach ((string backend, int steps, double tolerance) in GoldenBackends.QuantisedTraining)
            {
                foreach (DType type in Expected.Keys)
                    data.Add(backend, steps, tolerance, type);
            }

            return data;
        }
    }

    [GoldenTheory]
    [MemberData(nameof(Runs))]
    public void Lora_learns_as_over_the_numbers_that_the_blocks_stand_for(string on, int steps, double tolerance, DType type)
    {
        double[] expected = Expected[type].Value, actual = Losses(GoldenBackends.Create(on), type, steps, dequantised: false);
        for (int i = 0; i < steps; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
        Assert.True(expected[^1] < expected[0] - 0.1, "The oracle did not learn.");
    }

    [Theory]
    [InlineData(DType.Q8_0)]
    [InlineData(DType.Q4_0)]
    public void Quantised_weights_are_never_trained(DType type)
    {
        using TemporaryFolder folder = new();
        Widened(folder.Path);
        using ReferenceBackend backend = new();
        using Decoder decoder = Decoder.Load(folder.Path, backend, type);
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(decoder.TrainAll);
        Assert.Contains("only float32 weights can be trained", e.Message, StringComparison.Ordinal);
    }

    private static double[] Losses(Backend backend, DType type, int steps, bool dequantised)
    {
        using TemporaryFolder folder = new();
        Widened(folder.Path, dequantised ? type : null);
        using (backend)
        {
            using Decoder decoder = Decoder.Load(folder.Path, backend, dequantised ? DType.Float32 : type);
            LoraConfig config = new() { Rank = 4, Alpha = 8, TargetModules = LoraConfig.AllLinear };
            using LoraAdapterSet adapter = LoraAdapterSet.Create(decoder, config, seed: 5);
            adapter.Train();
            JsonElement run = Golden.Json("training", "lora", "run.json");
            CosineSchedule schedule = new(run.GetProperty("peak_rate").GetDouble(), 3, 30);
            using AdamW optimizer = new(backend, [.. adapter.Parameters], new AdamWOptions());
            Tape tape = new(backend) { IsRecording = true };
            List<double> losses = [];
            foreach (JsonElement step in run.GetProperty("steps").EnumerateArray().Take(steps))
            {
                JsonElement[] micro = [.. step.GetProperty("micro").EnumerateArray()];
                losses.Add(micro.Average(m => GoldenTrainingTests.MicroBatch(tape, decoder, m, micro.Length)));
                optimizer.Step((float)schedule.RateAt(losses.Count - 1), optimizer.GradientNorm(), 1);
            }

            return [.. losses];
        }
    }

    // The run's base, its feed-forward layers widened from 112 to 128 columns by zeros, which change nothing and make whole blocks.
    // With a type, matrices hold what its blocks would stand for.
    private static void Widened(string folder, DType? rounded = null)
    {
        string original = Golden.At("models", "llama");
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(original, "config.json")))!.AsObject();
        int narrow = (int)config["intermediate_size"]!, wide = 128;
        config["intermediate_size"] = wide;
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        using Checkpoint checkpoint = Checkpoint.Open(original);
        SafetensorsWriter writer = new();
        foreach (string name in checkpoint.Names)
        {
            long[] shape = [.. checkpoint.FileOf(name).Entries[name].Shape];
            float[] values = checkpoint.FileOf(name).Floats(name);
            if (shape.Length == 1)
            {
                writer.Add(name, DType.Float32, new Shape(values.Length), bytes => StorageFormats.Encode(values, bytes, DType.Float32));
                continue;
            }

            int rows = (int)shape[0], columns = (int)shape[1], toRows = rows == narrow ? wide : rows, toColumns = columns == narrow ? wide : columns;
            float[] widened = new float[toRows * toColumns];
            for (int row = 0; row < rows; row++)
                values.AsSpan(row * columns, columns).CopyTo(widened.AsSpan(row * toColumns));
            if (rounded is { } type)
            {
                type = MatrixStorage.Of(name, type);
                byte[] blocks = new byte[type.RowBytes(widened.Length)];
                StorageFormats.Encode(widened, blocks, type);
                StorageFormats.Decode(blocks, widened, type);
            }

            writer.Add(name, DType.Float32, new Shape(toRows, toColumns), bytes => StorageFormats.Encode(widened, bytes, DType.Float32));
        }

        writer.Save(Path.Combine(folder, "model.safetensors"));
    }
}
