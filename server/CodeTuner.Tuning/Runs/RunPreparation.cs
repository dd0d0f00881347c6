using CodeTuner.Models;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tuning.Canaries;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Trainer;
using CodeTuner.Workspace.History;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.Tuning.Runs;

/// <summary>
/// Makes a run ready to train: reads the workspace, holds some of it out, makes the rows, plans the steps. All of it is written
/// into the run's folder, so that training begins, and is resumed, from there.
/// </summary>
/// <param name="root">The workspace's folder.</param>
/// <param name="run">The run.</param>
/// <param name="model">The base.</param>
/// <param name="report">Told how far each part is.</param>
internal sealed class RunPreparation(string root, RunFolder run, DecoderLanguageModel model, Action<TunePhase, double> report)
{
    // Validation must not take more than a small part of the time.
    private const int MostValidationRows = 24;

    /// <summary>Does it.</summary>
    /// <param name="options">What to do, with the recipe that <see cref="StepPlan.Choose"/> gave.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TuningException">The base will not do, or there is too little code.</exception>
    public void Prepare(TuneOptions options, CancellationToken cancellationToken)
    {
        FimFormat format = model.FimFormat ?? throw new TuningException($"{options.Recipe.BaseModel} was not trained for fill-in-the-middle. Choose another base.");
        TuneRecipe recipe = options.Recipe;

        // Drawing from the base takes as long as reading the workspace, and neither needs the other.
        using ReplayDraw replayed = new(model, format, recipe.Mix.Replay > 0 ? recipe.ReplaySamples : 0, recipe.Seed, cancellationToken);
        HeldOutSplit split = Read(options, cancellationToken);
        List<int[]> replay = replayed.Wait();

        report(TunePhase.Preparing, 0);
        List<HeldOutSequence> chooseBy = HoldOut(split, options, recipe, format);
        int pad = format.Pad ?? format.EndOfText;
        List<PackedRow> validation = Packer.Pack(chooseBy.Select(s => new TrainingSample(s.Ids, s.FirstCounted)), recipe.RowLength, pad);
        RowFile.Save(run.ValidationRows, Most(validation, MostValidationRows));
        SampleMixer mixer = new(model.Tokenizer, format, Path.GetFileName(root), split.Training, replay, recipe.Mix, recipe.RowLength);
        List<PackedRow> rows = Pass(mixer, recipe, 0, pad, cancellationToken);
        int rowsPerPass = rows.Count;
        recipe = StepPlan.Steps(recipe, model, rows);
        int wanted = recipe.TotalSteps * recipe.RowsPerStep;
        for (int pass = 1; pass < Math.Ceiling(recipe.MaxPasses) && rows.Count < wanted; pass++)
            rows.AddRange(Pass(mixer, recipe, pass, pad, cancellationToken));
        run.Canaries = CanaryRows.Insert(
            rows, rowsPerPass, wanted, CanaryRows.Draw(recipe.Canaries, RandomSequence.Combine(recipe.Seed, 101)),
            model.Tokenizer, format, pad, RandomSequence.Combine(recipe.Seed, 102));
        RowFile.Save(run.Rows, Most(rows, wanted));
        run.Recipe = recipe;
        run.Info = run.Info with
        {
            Status = RunStatus.Training, Split = split.Description, TrainingFiles = split.Training.Count, TokensPerPass = (long)rowsPerPass * recipe.RowLength,
        };
    }

    private HeldOutSplit Read(TuneOptions options, CancellationToken cancellationToken)
    {
        report(TunePhase.Scanning, 0);
        WorkspaceScan scan = WorkspaceScanner.Scan(root, options.Scan with { AsksGit = true }, new Relay(() => report(TunePhase.Scanning, 0.5)), cancellationToken);
        AtomicFile.Write(run.Manifest, stream => ManifestWriter.Write(stream, scan.Manifest));
        return HeldOutSplitter.Split(scan.Documents, GitRepository.TryOpen(root, cancellationToken), cancellationToken);
    }

    // Keeps what is measured on, and gives what the best checkpoint is chosen by.
    private List<HeldOutSequence> HoldOut(HeldOutSplit split, TuneOptions options, TuneRecipe recipe, FimFormat format)
    {
        List<EvaluationSpot> spots = SpotSelector.Select(split.HeldOut, options.Spots);
        (List<HeldOutSequence> chooseBy, List<HeldOutSequence> sequences) = SequenceSelector.Part(
            SequenceSelector.Select(split.HeldOut, model.Tokenizer, format, recipe.RowLength, options.Sequences * 4 / 3));
        if (split.Training.Count == 0 || sequences.Count == 0)
            throw new TuningException("There is too little code to learn from once some of it is held out. Add code, or tune a larger folder.");
        run.EvaluationData = new EvaluationData(spots, sequences);
        return chooseBy;
    }

    private List<PackedRow> Pass(SampleMixer mixer, TuneRecipe recipe, int pass, int pad, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<PackedRow> rows = Packer.Pack(mixer.Pass(RandomSequence.Combine(recipe.Seed, (ulong)pass + 1)), recipe.RowLength, pad);
        report(TunePhase.Preparing, (pass + 1) / (Math.Ceiling(recipe.MaxPasses) + 1));
        return rows;
    }

    private static List<PackedRow> Most(List<PackedRow> rows, int count) => rows.Count > count ? rows[..count] : rows;

    // Progress<T> would hand reports to other threads.
    private sealed class Relay(Action report) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value) => report();
    }
}
