using System.CommandLine;
using CodeTuner.Cli.Output;
using CodeTuner.Models.Hub;
using CodeTuner.Tensors;
using CodeTuner.Tuning;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Runs;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Cli.Commands;

/// <summary><c>tune</c>: learn a workspace and prove it.</summary>
internal static class TuneCommand
{
    private static readonly Option<bool> Resume = new("--resume") { Description = "Go on with the newest run that was not finished." };
    private static readonly Option<TuneMethod?> Method = new("--method") { Description = "full (all weights) or lora (adapters). Default: full up to 100 million parameters." };
    private static readonly Option<double> Minutes = new("--minutes") { Description = "The most minutes that training may take (default: no limit).", HelpName = "N" };
    private static readonly Option<double> Passes = new("--passes") { Description = "The most passes over the workspace.", DefaultValueFactory = _ => 3, HelpName = "N" };
    private static readonly Option<int> Steps = new("--steps") { Description = "This many steps (default: from passes and minutes).", HelpName = "N" };
    private static readonly Option<double?> LearningRate = new("--learning-rate") { Description = "The highest learning rate (default: 1e-3 for full, 3e-4 for lora).", HelpName = "X" };
    private static readonly Option<double> WeightDecay = new("--weight-decay") { Description = "AdamW's weight decay.", DefaultValueFactory = _ => 0.1, HelpName = "X" };
    private static readonly Option<double> Dropout = new("--dropout") { Description = "Dropout in training.", HelpName = "X" };
    private static readonly Option<int> Rank = new("--rank") { Description = "Rank of the adapters; alpha is twice it.", DefaultValueFactory = _ => 16, HelpName = "N" };
    private static readonly Option<string> BaseType = CreateBaseType();
    private static readonly Option<int> Row = new("--row") { Description = "Tokens of a row.", DefaultValueFactory = _ => 512, HelpName = "N" };
    private static readonly Option<int> BatchRows = new("--batch-rows") { Description = "Rows computed at once.", DefaultValueFactory = _ => 4, HelpName = "N" };
    private static readonly Option<int> Accumulate = new("--accumulate") { Description = "Batches added up for a step.", DefaultValueFactory = _ => 2, HelpName = "N" };
    private static readonly Option<int> EvaluateEvery = new("--evaluate-every") { Description = "Steps from one validation to the next.", HelpName = "N" };
    private static readonly Option<int> Patience = new("--patience") { Description = "Validations without a gain after which training stops, from the middle of the schedule on.", DefaultValueFactory = _ => 3, HelpName = "N" };
    private static readonly Option<int> Lines = new("--lines") { Description = "Held-out lines that base and tuned model fill in.", DefaultValueFactory = _ => 100, HelpName = "N" };
    private static readonly Option<int> Sequences = new("--sequences") { Description = "Held-out sequences that the loss is taken of.", DefaultValueFactory = _ => 100, HelpName = "N" };
    private static readonly Option<int?> Samples = new("--samples") { Description = "Samples drawn from the base, to be learned again against forgetting and to measure it (default: 16 and 24).", HelpName = "N" };
    private static readonly Option<int> Canaries = new("--canaries") { Description = "Made-up secrets put among the samples, to see whether they are memorised; 0 for none.", DefaultValueFactory = _ => 3, HelpName = "N" };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Seed of everything random.", DefaultValueFactory = _ => 1, HelpName = "N" };

    private static Option<string> CreateBaseType()
    {
        Option<string> option = new("--base-dtype")
        {
            Description = "How the base is held under adapters: less memory for some quality. auto takes its file's type, and less where that does not fit.",
            DefaultValueFactory = _ => BaseStorage.Automatic,
        };
        option.AcceptOnlyFromAmong([.. BaseStorage.Names]);
        return option;
    }

    public static Command Create()
    {
        Command command = new("tune", "Fine-tune the model on a workspace, measure it on held-out code, and promote it if it is better.")
        {
            CommonOptions.Workspace, Resume, Method, Minutes, Passes, Steps, LearningRate, WeightDecay, Dropout, Rank, BaseType, Row, BatchRows, Accumulate,
            EvaluateEvery, Patience, Lines, Sequences, Samples, Canaries, Seed, CommonOptions.Model, CommonOptions.Device, CommonOptions.GpuMemory,
            CommonOptions.Threads, CommonOptions.State, CommonOptions.Json,
        };
        command.SetAction((result, cancellation) => Task.FromResult(Run(result, cancellation)));
        return command;
    }

    private static int Run(ParseResult result, CancellationToken cancellation)
    {
        RunStore store = CommonOptions.Store(result);
        if (!Directory.Exists(store.Root))
        {
            throw new TuningException(File.Exists(store.Root)
                ? $"{store.Root} is a file. Name the folder that holds it."
                : $"There is no folder {store.Root}. Check the path.");
        }

        bool json = result.GetValue(CommonOptions.Json);
        TuneOptions? options = result.GetValue(Resume) ? null : Options(result);
        using CardSession card = CardSession.Open(result, CommonOptions.Device);
        ComputeDevice device = card.Device;
        using CardQueue? queue = card.WaitForTurn(store.Root, cancellation);
        options = options is null ? null : options with { AvailableMemory = device.AvailableBytes(CommonOptions.GpuMemoryShare(result)) };
        if (device.Card is not null)
            Console.Error.WriteLine($"Computing on {device.Name}.");
        using Backend backend = CommonOptions.Backend(result, device);
        using SignsOfLife? life = card.Listen();
        TuneResult outcome = TuneProgressView.Run(json, report =>
        {
            TuneJob job = new(store, backend, progress =>
            {
                life?.Heard();
                report(progress);
            });
            return options is null ? job.Resume(cancellation) : job.Start(options, cancellation);
        });
        if (json)
            JsonOutput.Write(TuneResultView.Json(outcome));
        else if (!outcome.Interrupted)
            TuneResultView.WriteText(outcome);
        if (!outcome.Interrupted)
            return ExitCode.Done;
        Console.Error.WriteLine(outcome.Run.CanResume
            ? "Stopped; everything is saved. Go on with \"codetuner tune --resume\"."
            : "Stopped before training began; nothing was changed.");
        return ExitCode.Interrupted;
    }

    private static TuneOptions Options(ParseResult result)
    {
        void Require(bool holds, string message)
        {
            if (!holds)
                throw new UsageException(message);
        }

        Require(result.GetValue(Row) is >= 64 and <= 65536, "--row must be 64 to 65536.");
        Require(result.GetValue(BatchRows) is >= 1 and <= 1024, "--batch-rows must be 1 to 1024.");
        Require(result.GetValue(Accumulate) is >= 1 and <= 1024, "--accumulate must be 1 to 1024.");
        Require(result.GetValue(Passes) > 0, "--passes must be positive.");
        Require(result.GetValue(Minutes) >= 0, "--minutes must not be negative.");
        Require(result.GetValue(Steps) >= 0, "--steps must not be negative.");
        Require(result.GetValue(Dropout) is >= 0 and < 1, "--dropout must be in 0 to 1.");
        Require(result.GetValue(Rank) >= 1, "--rank must be positive.");
        Require(result.GetValue(LearningRate) is null or > 0, "--learning-rate must be positive.");
        Require(result.GetValue(Patience) >= 1, "--patience must be positive.");
        Require(result.GetValue(Lines) is >= 0 and <= 100_000, "--lines must be 0 to 100000.");
        Require(result.GetValue(Sequences) is >= 4 and <= 100_000, "--sequences must be 4 to 100000.");
        Require(result.GetValue(Samples) is null or (>= 1 and <= 10_000), "--samples must be 1 to 10000.");
        Require(result.GetValue(Canaries) is >= 0 and <= 30, "--canaries must be 0 to 30.");
        TuneMethod? method = result.GetValue(Method);
        double rate = result.GetValue(LearningRate) ?? TuneRecipe.UsualLearningRate(method ?? TuneMethod.Full);
        TuneRecipe recipe = new()
        {
            BaseModel = ModelCatalog.Find(result.GetValue(CommonOptions.Model)),
            Method = method ?? TuneMethod.Full,
            MaxMinutes = result.GetValue(Minutes),
            MaxPasses = result.GetValue(Passes),
            TotalSteps = result.GetValue(Steps),
            LearningRate = rate,
            WeightDecay = result.GetValue(WeightDecay),
            Dropout = result.GetValue(Dropout),
            LoraRank = result.GetValue(Rank),
            LoraAlpha = 2 * result.GetValue(Rank),
            RowLength = result.GetValue(Row),
            RowsPerMicroBatch = result.GetValue(BatchRows),
            MicroBatchesPerStep = result.GetValue(Accumulate),
            EvaluateEvery = result.GetValue(EvaluateEvery),
            Patience = result.GetValue(Patience),
            Canaries = result.GetValue(Canaries),
            Seed = result.GetValue(Seed),
            Threads = result.GetValue(CommonOptions.Threads),
        };
        if (result.GetValue(Samples) is { } samples)
            recipe = recipe with { ReplaySamples = samples, ForgettingSamples = samples };
        return new TuneOptions
        {
            Recipe = recipe, MethodIsChosen = method is not null, BaseStorage = BaseStorage.Parse(result.GetValue(BaseType)!), Spots = result.GetValue(Lines), Sequences = result.GetValue(Sequences),
        };
    }
}
