using System.Diagnostics;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Lora;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tuning.Canaries;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Gate;
using CodeTuner.Tuning.Reports;
using CodeTuner.Tuning.Runs;
using CodeTuner.Tuning.Trainer;
using CodeTuner.Workspace.History;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.Tuning;

/// <summary>
/// A whole tune: read the workspace, hold some of it out, train, measure, and promote only what is better.
/// Each part leaves its result in the run's folder, so that a killed process goes on where it was.
/// </summary>
/// <param name="store">The workspace's runs.</param>
/// <param name="backend">Where the arithmetic is done.</param>
/// <param name="progress">Told how far it is; called on the caller's thread.</param>
public sealed class TuneJob(RunStore store, Backend backend, Action<TuneProgress>? progress = null)
{
    private const int ForgettingLength = 96;

    // The same weights, in half the memory: a model that is only measured is read as it lies in its file.
    private static readonly DType? AsStored = null;

    // Validation must not take more than a small part of the time.
    private const int ValidationRows = 24;

    /// <summary>Starts a new run.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops at the end of a step, with everything saved.</param>
    /// <exception cref="TuningException">It cannot be done, for a reason that the message gives.</exception>
    public TuneResult Start(TuneOptions options, CancellationToken cancellationToken = default)
    {
        using WorkspaceLock held = WorkspaceLock.Take(store.Folder, store.Root);
        RunFolder run = store.Create();
        return Guard(run, () =>
        {
            using DecoderLanguageModel model = DecoderLanguageModel.Load(options.Recipe.BaseModel, backend);
            Prepare(run, model, options, cancellationToken);
            return Continue(run, model, cancellationToken);
        });
    }

    /// <summary>Goes on with the newest run that was not finished.</summary>
    /// <exception cref="TuningException">There is none.</exception>
    public TuneResult Resume(CancellationToken cancellationToken = default)
    {
        using WorkspaceLock held = WorkspaceLock.Take(store.Folder, store.Root);
        RunFolder run = store.Unfinished
            ?? throw new TuningException($"There is no unfinished run of {store.Root} that had begun to train. Start one with \"codetuner tune\".");
        return Guard(run, () =>
        {
            using DecoderLanguageModel model = DecoderLanguageModel.Load(run.Recipe!.BaseModel, backend);
            return Continue(run, model, cancellationToken);
        });
    }

    private static TuneResult Guard(RunFolder run, Func<TuneResult> work)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException)
        {
            run.Info = run.Info with { Status = RunStatus.Stopped };
            return new TuneResult(run, Interrupted: true, null, null, null);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            TryRecord(run, e.Message);
            throw;
        }
    }

    // A full disk is often why it failed: the record of the failure must not hide it.
    private static void TryRecord(RunFolder run, string message)
    {
        try
        {
            run.Info = run.Info with { Status = RunStatus.Failed, Error = message };
        }
        catch (Exception e) when (e is IOException or TuningException)
        {
            // The first error is the one that is shown.
        }
    }

    private void Prepare(RunFolder run, DecoderLanguageModel model, TuneOptions options, CancellationToken cancellationToken)
    {
        FimFormat format = model.FimFormat ?? throw new TuningException($"{options.Recipe.BaseModel} was not trained for fill-in-the-middle. Choose another base.");
        TuneRecipe recipe = Choose(options, model);
        MemoryEstimate.Of(model.Decoder.Config, recipe).RequireAtMost(MemoryEstimate.Available());

        // Drawing from the base takes as long as reading the workspace, and neither needs the other.
        using ReplayDraw replayed = new(model, format, recipe.Mix.Replay > 0 ? recipe.ReplaySamples : 0, recipe.Seed, cancellationToken);
        Report(TunePhase.Scanning, 0);
        WorkspaceScan scan = WorkspaceScanner.Scan(store.Root, options.Scan, new Relay(s => Report(TunePhase.Scanning, 0.5)), cancellationToken);
        Models.Checkpoints.AtomicFile.Write(run.Manifest, stream => ManifestWriter.Write(stream, scan.Manifest));
        HeldOutSplit split = HeldOutSplitter.Split(scan.Documents, GitRepository.TryOpen(store.Root, cancellationToken), cancellationToken);
        List<int[]> replay = replayed.Wait();

        Report(TunePhase.Preparing, 0);
        List<EvaluationSpot> spots = SpotSelector.Select(split.HeldOut, options.Spots);
        (List<HeldOutSequence> chooseBy, List<HeldOutSequence> sequences) = SequenceSelector.Part(
            SequenceSelector.Select(split.HeldOut, model.Tokenizer, format, recipe.RowLength, options.Sequences * 4 / 3));
        if (split.Training.Count == 0 || sequences.Count == 0)
            throw new TuningException("There is too little code to learn from once some of it is held out. Add code, or tune a larger folder.");
        run.EvaluationData = new EvaluationData(spots, sequences);

        string repository = Path.GetFileName(store.Root);
        SampleMixer mixer = new(
            model.Tokenizer, format, repository, split.Training, replay, recipe.Mix, recipe.RowLength);
        int pad = format.Pad ?? format.EndOfText;
        List<PackedRow> validation = Packer.Pack(chooseBy.Select(s => new TrainingSample(s.Ids, s.FirstCounted)), recipe.RowLength, pad);
        RowFile.Save(run.ValidationRows, validation.Count > ValidationRows ? validation[..ValidationRows] : validation);
        List<PackedRow> rows = Pass(mixer, recipe, 0, pad, cancellationToken);
        int rowsPerPass = rows.Count;
        recipe = Plan(recipe, model, rows, rowsPerPass);
        for (int pass = 1; pass < Math.Ceiling(recipe.MaxPasses) && rows.Count < recipe.TotalSteps * recipe.RowsPerStep; pass++)
            rows.AddRange(Pass(mixer, recipe, pass, pad, cancellationToken));
        run.Canaries = CanaryRows.Insert(
            rows, rowsPerPass, recipe.TotalSteps * recipe.RowsPerStep, CanaryRows.Draw(recipe.Canaries, Models.RandomSequence.Combine(recipe.Seed, 101)),
            model.Tokenizer, format, pad, Models.RandomSequence.Combine(recipe.Seed, 102));
        RowFile.Save(run.Rows, rows.Count > recipe.TotalSteps * recipe.RowsPerStep ? rows[..(recipe.TotalSteps * recipe.RowsPerStep)] : rows);
        run.Recipe = recipe;
        run.Info = run.Info with
        {
            Status = RunStatus.Training, Split = split.Description, TrainingFiles = split.Training.Count, TokensPerPass = (long)rowsPerPass * recipe.RowLength,
        };
    }

    private TuneResult Continue(RunFolder run, DecoderLanguageModel model, CancellationToken cancellationToken)
    {
        TuneRecipe recipe = run.Recipe!;
        EvaluationData data = run.EvaluationData!;
        List<PackedRow> rows = RowFile.Load(run.Rows), validation = RowFile.Load(run.ValidationRows);
        using LoraAdapterSet? adapter = recipe.Method == TuneMethod.Lora
            ? LoraAdapterSet.Create(model.Decoder, LoraOf(recipe), RandomSequenceSeed(recipe))
            : null;
        IReadOnlyList<Parameter> trained = adapter is null ? model.Decoder.Parameters : [.. adapter.Parameters];
        TrainingOutcome outcome = Train(run, model, trained, rows, validation, cancellationToken);
        if (outcome.Interrupted)
        {
            run.Info = run.Info with { Status = RunStatus.Stopped, Steps = outcome.State.Step };
            return new TuneResult(run, Interrupted: true, data, null, null);
        }

        run.Info = run.Info with { Status = RunStatus.Evaluating, Steps = outcome.State.Step };
        if (outcome.State.BestStep > 0)
            TrainingState.LoadWeights(TrainingLoop.BestPath(run.Checkpoints), backend, trained);
        SaveModel(run, model, adapter);
        model.ClearCache();
        Evaluator evaluator = new();
        run.After = evaluator.Evaluate(model, data.Spots, data.Sequences, share => Report(TunePhase.Evaluating, 0.45 * share), cancellationToken);
        (run.Before, double forgetting) = MeasureBase(run, model, evaluator, data, cancellationToken);
        EvaluationResult inUse = InUse(recipe, run.Before, evaluator, data, cancellationToken);
        IReadOnlyList<CanaryResult> canaries = MeasureCanaries(run, model, cancellationToken);
        GateVerdict verdict = new PromotionGate(recipe.ForgettingBound).Judge(inUse, run.After, forgetting, canaries);
        run.Info = run.Info with { Status = RunStatus.Done, Canaries = canaries, Verdict = verdict, PeakMemory = PeakMemory() };
        if (verdict.Promote)
            store.Promote(run.Id);
        Models.Checkpoints.AtomicFile.WriteText(run.Report, MarkdownReport.Of(run, data, run.Before, run.After));
        return new TuneResult(run, Interrupted: false, data, run.Before, run.After);
    }

    // The base is measured last, from its own files: nobody waits for it before training begins.
    private (EvaluationResult Before, double Forgetting) MeasureBase(
        RunFolder run, DecoderLanguageModel tuned, Evaluator evaluator, EvaluationData data, CancellationToken cancellationToken)
    {
        using DecoderLanguageModel original = DecoderLanguageModel.Load(run.Recipe!.BaseModel, backend, AsStored);
        EvaluationResult before = evaluator.Evaluate(original, data.Spots, data.Sequences, share => Report(TunePhase.Evaluating, 0.45 + (0.45 * share)), cancellationToken);
        ulong seed = Models.RandomSequence.Combine(run.Recipe.Seed, 2);
        List<int[]> samples = ReplaySampler.Draw(original, original.FimFormat!, run.Recipe.ForgettingSamples, ForgettingLength, seed, null, cancellationToken);
        List<float[]> scores = [.. samples.Select(s => original.Score(s, cancellationToken))];
        Report(TunePhase.Evaluating, 1);
        return (before, Evaluator.Forgetting(samples, scores, tuned, cancellationToken));
    }

    private static IReadOnlyList<CanaryResult> MeasureCanaries(RunFolder run, DecoderLanguageModel tuned, CancellationToken cancellationToken)
    {
        Canary[] trained = [.. run.Canaries.Where(c => c.Times > 0)];
        return new CanaryExposure(tuned.Decoder, tuned.Tokenizer, tuned.FimFormat!)
            .Measure(trained, run.Recipe!.CanaryBitsLeft, Models.RandomSequence.Combine(run.Recipe.Seed, 103), cancellationToken);
    }

    // A tuned checkpoint has to beat the one in use, which may be an earlier run's.
    private EvaluationResult InUse(TuneRecipe recipe, EvaluationResult original, Evaluator evaluator, EvaluationData data, CancellationToken cancellationToken)
    {
        if (store.Promoted.Run is not { } id || store.Runs.FirstOrDefault(r => r.Id == id) is not { } promoted || !Directory.Exists(promoted.Model)
            || promoted.Recipe?.BaseModel != recipe.BaseModel)
            return original;
        using DecoderLanguageModel model = DecoderLanguageModel.Load(promoted.Model, backend, AsStored);
        return evaluator.Evaluate(model, data.Spots, data.Sequences, null, cancellationToken);
    }

    private TrainingOutcome Train(
        RunFolder run, DecoderLanguageModel model, IReadOnlyList<Parameter> trained, List<PackedRow> rows, List<PackedRow> validation,
        CancellationToken cancellationToken)
    {
        TuneRecipe recipe = run.Recipe!;
        Directory.CreateDirectory(run.Checkpoints);
        run.Info = run.Info with { Status = RunStatus.Training };
        TrainingLoop loop = new(model.Decoder, trained, recipe, rows, validation, run.Checkpoints);
        Stopwatch clock = Stopwatch.StartNew();
        bool first = true;
        TrainingOutcome outcome = loop.Run(
            step =>
            {
                if (first)
                    run.TruncateMetrics(step.Step - 1);
                first = false;
                run.Append(step);
                progress?.Invoke(new TuneProgress(TunePhase.Training, (double)step.Step / step.TotalSteps, step));
            },
            cancellationToken);
        run.Info = run.Info with
        {
            TokensPerSecond = outcome.TokensPerSecond > 0 ? outcome.TokensPerSecond : run.Info.TokensPerSecond,
            TrainingSeconds = run.Info.TrainingSeconds + clock.Elapsed.TotalSeconds,
            PeakMemory = PeakMemory(),
        };
        foreach (Parameter parameter in trained)
            parameter.Freeze();
        return outcome;
    }

    private static TuneRecipe Choose(TuneOptions options, DecoderLanguageModel model)
    {
        // Above about this size the optimizer's state outgrows what a laptop spares, and adapters learn as well.
        const long FullLimit = 100_000_000;
        TuneRecipe recipe = options.Recipe;
        TuneMethod method = options.MethodIsChosen ? recipe.Method : model.Decoder.Config.ParameterCount <= FullLimit ? TuneMethod.Full : TuneMethod.Lora;
        if (method != recipe.Method)
        {
            bool usual = recipe.LearningRate == TuneRecipe.UsualLearningRate(recipe.Method);
            recipe = recipe with { Method = method, LearningRate = usual ? TuneRecipe.UsualLearningRate(method) : recipe.LearningRate };
        }

        int longest = model.ContextLength;
        return recipe with
        {
            RowLength = Math.Min(recipe.RowLength, longest),
            Threads = recipe.Threads == 0 ? Environment.ProcessorCount : recipe.Threads,
        };
    }

    private List<PackedRow> Pass(SampleMixer mixer, TuneRecipe recipe, int pass, int pad, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<PackedRow> rows = Packer.Pack(mixer.Pass(Models.RandomSequence.Combine(recipe.Seed, (ulong)pass + 1)), recipe.RowLength, pad);
        Report(TunePhase.Preparing, (pass + 1) / (Math.Ceiling(recipe.MaxPasses) + 1));
        return rows;
    }

    // How many steps: the passes wanted, or what fits the time.
    private static TuneRecipe Plan(TuneRecipe recipe, DecoderLanguageModel model, List<PackedRow> rows, int rowsPerPass)
    {
        int steps = Math.Max(1, (int)Math.Ceiling(rowsPerPass * recipe.MaxPasses / recipe.RowsPerStep));
        if (recipe.TotalSteps > 0)
            steps = recipe.TotalSteps;
        else if (recipe.MaxMinutes > 0)
            steps = Math.Min(steps, Math.Max(1, (int)(recipe.MaxMinutes * 60 * MeasureSpeed(recipe, model, rows) / recipe.TokensPerStep)));
        int every = recipe.EvaluateEvery > 0 ? recipe.EvaluateEvery : Math.Clamp(steps / 8, 5, 50);
        return recipe with { TotalSteps = steps, EvaluateEvery = every };
    }

    private static double MeasureSpeed(TuneRecipe recipe, DecoderLanguageModel model, List<PackedRow> rows)
    {
        using LoraAdapterSet? adapter = recipe.Method == TuneMethod.Lora ? LoraAdapterSet.Create(model.Decoder, LoraOf(recipe), 1) : null;
        IReadOnlyList<Parameter> trained = adapter is null ? model.Decoder.Parameters : [.. adapter.Parameters];
        double speed = new TrainingLoop(model.Decoder, trained, recipe, rows, [], "").MeasureSpeed();
        foreach (Parameter parameter in trained)
            parameter.Freeze();
        return speed * 0.93; // validation and checkpoints take their part
    }

    private void SaveModel(RunFolder run, DecoderLanguageModel model, LoraAdapterSet? adapter)
    {
        adapter?.Save(run.Adapter);
        adapter?.Merge();
        TuneRecipe recipe = run.Recipe!;
        string beside = run.Model + ".new";
        if (Directory.Exists(beside))
            Directory.Delete(beside, recursive: true);
        model.Decoder.Save(beside, DType.BFloat16);
        foreach (string name in (string[])["tokenizer.json", "tokenizer_config.json"])
        {
            string from = Path.Combine(recipe.BaseModel, name);
            if (File.Exists(from))
                File.Copy(from, Path.Combine(beside, name));
        }

        if (Directory.Exists(run.Model))
            Directory.Delete(run.Model, recursive: true);
        Directory.Move(beside, run.Model);

        // What is measured is what will be served: the weights as they were rounded for the file.
        using Models.Checkpoints.SafetensorsFile file = new(Path.Combine(run.Model, "model.safetensors"));
        foreach (Parameter parameter in model.Decoder.Parameters.Where(p => p.Value.Type == DType.Float32))
            backend.Write(parameter.Value, file.Floats(parameter.Name));
    }

    private static LoraConfig LoraOf(TuneRecipe recipe) => new()
    {
        Rank = recipe.LoraRank, Alpha = recipe.LoraAlpha, TargetModules = LoraConfig.AllLinear, Dropout = recipe.Dropout, BaseModel = Path.GetFileName(recipe.BaseModel),
    };

    private static ulong RandomSequenceSeed(TuneRecipe recipe) => Models.RandomSequence.Combine(recipe.Seed, 99);

    private static long PeakMemory()
    {
        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }

    private void Report(TunePhase phase, double share) => progress?.Invoke(new TuneProgress(phase, share));

    // Progress<T> would hand reports to other threads.
    private sealed class Relay(Action<ScanProgress> report) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value) => report(value);
    }
}
