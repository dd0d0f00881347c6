using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using CodeTuner.Models.Architectures;
using CodeTuner.Models.Lora;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Optimizers;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Compare.Training;

/// <summary>This engine's side of <c>train</c>; takes orders as torch_step.py does.</summary>
internal static class TrainHereCommand
{
    public const string Name = "train-here";

    public static Command Create()
    {
        Argument<string> job = new("job") { Description = "The job's file." };
        Command command = new(Name, "This engine's side of train.") { job };
        command.Hidden = true;
        command.SetAction(result => Serve(TrainingJob.Load(result.GetValue(job)!)));
        return command;
    }

    private static void Serve(TrainingJob job)
    {
        using CpuBackend backend = new(new CpuBackendOptions { Threads = job.Threads });
        using Decoder decoder = Decoder.Load(job.Folder, backend);
        using LoraAdapterSet? adapter = job.Adapter is null ? null : LoraAdapterSet.Load(decoder, job.Adapter);
        IReadOnlyList<Parameter> trained = adapter is null ? decoder.Parameters : [.. adapter.Parameters];
        foreach (Parameter parameter in trained)
            parameter.Train();
        using AdamW optimizer = new(backend, trained, new AdamWOptions(0.9f, 0.95f, 1e-8f, 0.1f));
        BatchLoss batches = new(decoder, new Tape(backend));
        using CollectorPauses pauses = new();
        PackedRow[] rows = [.. job.Rows.Select(r => new PackedRow(r, [.. r.Skip(1), PackedRow.IgnoreIndex], new int[r.Length]))];
        int taken = 0;
        LongestTiles tiles = new();
        backend.Pool.TileObserver = tiles;
        Answer(new { name = backend.Name });
        while (Console.ReadLine() is { } line)
        {
            pauses.Clear();
            _ = tiles.Take();
            List<TrainingStep> steps = [];
            for (int i = 0; i < int.Parse(line, System.Globalization.CultureInfo.InvariantCulture); i++)
                steps.Add(Step());
            using Process self = Process.GetCurrentProcess();
            Answer(new TrainingReply(steps, self.PeakWorkingSet64, tiles.Take(), pauses.Longest.TotalMilliseconds));
        }

        TrainingStep Step()
        {
            Stopwatch clock = Stopwatch.StartNew();
            double loss = 0;
            for (int micro = 0; micro < job.MicroBatches; micro++, taken++)
            {
                PackedRow[] batch = [.. Enumerable.Range(taken * job.RowsAtOnce, job.RowsAtOnce).Select(i => rows[i % rows.Length])];
                loss += batches.Train(batch, 1.0 / job.MicroBatches, dropout: 0, seed: 0) / job.MicroBatches;
            }

            float norm = optimizer.GradientNorm();
            optimizer.Step((float)job.Rate, norm, 1);
            return new TrainingStep(clock.Elapsed.TotalSeconds, loss, norm);
        }
    }

    private static void Answer<T>(T value)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(value, TrainingReply.Json));
        Console.Out.Flush();
    }
}
