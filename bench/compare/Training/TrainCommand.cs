using System.CommandLine;

namespace CodeTuner.Compare.Training;

/// <summary><c>train</c>: training steps here and in PyTorch in turn, from the same weights on the same rows.</summary>
internal static class TrainCommand
{
    private const int KindsTold = 8;
    private const double LossTolerance = 1e-3, NormTolerance = 1e-2;

    public static Command Create()
    {
        Option<string> python = new("--python") { Description = "A Python with PyTorch.", DefaultValueFactory = _ => "python3" };
        Option<string> shape = new("--shape") { Description = "embedded: all weights of the embedded model; 0.5b: adapters on random weights of Qwen2.5-Coder-0.5B's shape.", DefaultValueFactory = _ => "embedded" };
        shape.AcceptOnlyFromAmong("embedded", "0.5b");
        Option<int[]> tokens = new("--tokens") { Description = "Tokens of a row; each is measured.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [512] };
        Option<int> rounds = new("--rounds") { Description = "Rounds; each runs both sides.", DefaultValueFactory = _ => 9 };
        Option<int> steps = new("--steps") { Description = "Steps of a side in a round.", DefaultValueFactory = _ => 1 };
        Option<int> warmUp = new("--warm-up") { Description = "Steps of each side before the clock counts.", DefaultValueFactory = _ => 4 };
        Option<bool> autocast = new("--autocast") { Description = "Let PyTorch multiply in bfloat16." };
        Option<string?> work = new("--work") { Description = "A folder that keeps the random model for the next call; it is for one shape." };
        Option<bool> alone = new("--alone") { Description = "Run this engine only." };
        Command command = new("train", "Compare training speed with PyTorch.")
        {
            python, shape, tokens, rounds, steps, warmUp, autocast, alone, work, CommonOptions.Threads,
        };
        command.SetAction(result =>
        {
            string? folder = result.GetValue(work);
            using TrainingModel model = result.GetValue(shape) == "embedded" ? TrainingModel.Embedded(folder) : TrainingModel.HalfBillion(folder);
            bool agree = true;
            foreach (int length in result.GetValue(tokens)!)
            {
                TrainingJob job = model.Job(length, result.GetValue(CommonOptions.Threads), result.GetValue(autocast));
                agree &= Compare(job, model.Path("job.json"), result.GetValue(alone) ? null : result.GetValue(python), result.GetValue(rounds), result.GetValue(steps), result.GetValue(warmUp));
            }

            return agree ? 0 : 1;
        });
        return command;
    }

    private static bool Compare(TrainingJob job, string path, string? python, int rounds, int steps, int warmUp)
    {
        job.Save(path);
        using TrainingSide here = TrainingSide.Here(path);
        using TrainingSide? there = python is null ? null : TrainingSide.There(python, path);
        string what = $"{job.Rows[0].Length} tokens a row, {job.RowsAtOnce} rows at once, {job.TokensPerStep} tokens a step";
        Console.WriteLine($"{what}: {here.Name}{(there is null ? "" : $" and {there.Name}{(job.Autocast ? ", bfloat16" : "")}")}");
        TrainingStep ours = here.Steps(warmUp).Steps[0];
        bool agrees = there is null || Agree(job, ours, there.Steps(warmUp).Steps[0]);
        List<TrainingReply> hereReplies = [], thereReplies = [];
        for (int i = 0; i < rounds; i++)
        {
            // The first side changes from round to round.
            if (i % 2 == 0)
                hereReplies.Add(here.Steps(steps));
            if (there is not null)
                thereReplies.Add(there.Steps(steps));
            if (i % 2 == 1)
                hereReplies.Add(here.Steps(steps));
        }

        double[] hereSpeeds = [.. hereReplies.Select(r => Speed(job, r))], thereSpeeds = [.. thereReplies.Select(r => Speed(job, r))];
        Console.WriteLine($"  here:  {new Spread(hereSpeeds).Text("N0")} tokens/s, peak {Mebibytes(hereReplies[^1])} MiB, last loss {hereReplies[^1].Steps[^1].Loss:F4}, "
            + $"longest pause of the collector {hereReplies.Max(r => r.LongestPause):F2} ms");
        PrintTiles(hereReplies);
        if (there is not null)
        {
            Console.WriteLine($"  there: {new Spread(thereSpeeds).Text("N0")} tokens/s, peak {Mebibytes(thereReplies[^1])} MiB, last loss {thereReplies[^1].Steps[^1].Loss:F4}");
            Console.WriteLine($"  here / there: speed {new Spread(hereSpeeds.Zip(thereSpeeds, (a, b) => a / b)).Text("N2")}, "
                + $"memory {(double)hereReplies[^1].PeakBytes / thereReplies[^1].PeakBytes:N2}");
        }

        return agrees;
    }

    // The first step starts from the same weights: its loss shows the forward pass to be the same, its norm the backward pass.
    private static bool Agree(TrainingJob job, TrainingStep ours, TrainingStep theirs)
    {
        double loss = Math.Abs(ours.Loss - theirs.Loss), norm = Math.Abs(ours.Norm - theirs.Norm) / theirs.Norm;
        Console.WriteLine($"  first step: loss {ours.Loss:F5} here, {theirs.Loss:F5} there; norm of the gradients {ours.Norm:F5} and {theirs.Norm:F5}");
        if (job.Autocast || (loss <= LossTolerance && norm <= NormTolerance))
            return true;
        Console.WriteLine($"  THE SIDES DIFFER: allowed are {LossTolerance} and {NormTolerance:P0}; the speeds below are not of the same computation.");
        return false;
    }

    // The most, and the median of the rounds: what other processes do to a tile they do to a few.
    private static void PrintTiles(IReadOnlyList<TrainingReply> rounds)
    {
        int steps = rounds.Sum(r => r.Steps.Count);
        var kinds = rounds.SelectMany(r => r.Tiles!).GroupBy(t => t.Work)
            .Select(k => (Work: k.Key, Took: Text(k.Select(t => t.Took)), Spent: Text(k.Select(t => t.Spent)), Most: k.Max(t => t.Spent), Total: k.Sum(t => t.Total) / steps));
        Console.WriteLine($"  longest tile, medians of the rounds and the most of all: {Text(rounds.Select(r => r.Tiles!.Max(t => t.Took)))} ms by the clock, "
            + $"{Text(rounds.Select(r => r.Tiles!.Max(t => t.Spent)))} on a processor; of");
        foreach (var (work, took, spent, _, total) in kinds.OrderByDescending(k => k.Total).Take(KindsTold))
            Console.WriteLine($"    {work}: {took} and {spent}, {total:N0} of a step in all");

        static string Text(IEnumerable<double> values) => $"{new Spread(values).Median:F2} ({values.Max():F2})";
    }

    private static double Speed(TrainingJob job, TrainingReply reply) => job.TokensPerStep * reply.Steps.Count / reply.Steps.Sum(s => s.Seconds);

    private static string Mebibytes(TrainingReply reply) => (reply.PeakBytes >> 20).ToString("N0");
}
