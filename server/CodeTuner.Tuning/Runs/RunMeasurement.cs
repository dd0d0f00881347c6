using CodeTuner.Models;
using CodeTuner.Models.Architectures;
using CodeTuner.Models.Generation;
using CodeTuner.Tensors;
using CodeTuner.Tuning.Canaries;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Gate;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Tuning.Runs;

/// <summary>Measures a tuned model beside its base and the checkpoint in use, and judges whether it may replace that.</summary>
/// <param name="store">The workspace's runs.</param>
/// <param name="run">The run; what was measured is written into its folder.</param>
/// <param name="backend">Where the arithmetic is done.</param>
/// <param name="report">Told the share that is done.</param>
internal sealed class RunMeasurement(RunStore store, RunFolder run, Backend backend, Action<double> report)
{
    private const int ForgettingLength = 96;

    // The base and the tuned model each take this share of the time; what is left is for forgetting.
    private const double EvaluationShare = 0.45;

    private readonly Evaluator evaluator = new();

    /// <summary>Measures and judges. One model at a time is in memory.</summary>
    public RunResults Measure(TuneRecipe recipe, EvaluationData data, CancellationToken cancellationToken)
    {
        (EvaluationResult before, List<int[]> samples, List<float[]> scores) = MeasureBase(recipe, data, cancellationToken);
        run.Before = before;
        EvaluationResult inUse = InUse(recipe, before, data, cancellationToken);
        using DecoderLanguageModel tuned = Load(run.Model, recipe);
        EvaluationResult after = run.After = evaluator.Evaluate(tuned, data.Spots, data.Sequences, share => report(EvaluationShare * (1 + share)), cancellationToken);
        double forgetting = Evaluator.Forgetting(samples, scores, tuned, cancellationToken);
        IReadOnlyList<CanaryResult> canaries = MeasureCanaries(recipe, tuned, cancellationToken);
        report(1);
        return new RunResults(before, after, canaries, new PromotionGate(recipe.ForgettingBound).Judge(inUse, after, forgetting, canaries));
    }

    // As it lies in its file; where the base had to be held in blocks to be tuned, as it is served.
    private DecoderLanguageModel Load(string folder, TuneRecipe recipe) => recipe.BaseStorage.IsQuantised()
        ? ServingStorage.Load(folder, ModelConfig.LoadFrom(folder), backend)
        : DecoderLanguageModel.Load(folder, backend, storage: null);

    // From its own files: nobody waits for it before training begins.
    private (EvaluationResult Before, List<int[]> Samples, List<float[]> Scores) MeasureBase(TuneRecipe recipe, EvaluationData data, CancellationToken cancellationToken)
    {
        using DecoderLanguageModel original = Load(recipe.BaseModel, recipe);
        EvaluationResult before = evaluator.Evaluate(original, data.Spots, data.Sequences, share => report(EvaluationShare * share), cancellationToken);
        ulong seed = RandomSequence.Combine(recipe.Seed, 2);
        List<int[]> samples = ReplaySampler.Draw(original, original.FimFormat!, recipe.ForgettingSamples, ForgettingLength, seed, null, cancellationToken);
        return (before, samples, [.. samples.Select(s => original.Score(s, cancellationToken))]);
    }

    // A tuned checkpoint has to beat the one in use, which may be an earlier run's.
    private EvaluationResult InUse(TuneRecipe recipe, EvaluationResult original, EvaluationData data, CancellationToken cancellationToken)
    {
        if (store.Promoted.Run is not { } id || store.Runs.FirstOrDefault(r => r.Id == id) is not { } promoted || !Directory.Exists(promoted.Model)
            || promoted.Recipe is not { } its || !BaseModels.AreSame(its.BaseModel, recipe.BaseModel))
            return original;
        using DecoderLanguageModel model = Load(promoted.Model, recipe);
        return evaluator.Evaluate(model, data.Spots, data.Sequences, null, cancellationToken);
    }

    private IReadOnlyList<CanaryResult> MeasureCanaries(TuneRecipe recipe, DecoderLanguageModel tuned, CancellationToken cancellationToken)
    {
        Canary[] trained = [.. run.Canaries.Where(c => c.Times > 0)];
        return new CanaryExposure(tuned.Decoder, tuned.Tokenizer, tuned.FimFormat!)
            .Measure(trained, recipe.CanaryBitsLeft, RandomSequence.Combine(recipe.Seed, 103), cancellationToken);
    }
}

/// <summary>What was measured of a run.</summary>
/// <param name="Before">How the base did.</param>
/// <param name="After">How the tuned model did.</param>
/// <param name="Canaries">How well it knows the made-up secrets.</param>
/// <param name="Verdict">Whether it may serve.</param>
internal sealed record RunResults(EvaluationResult Before, EvaluationResult After, IReadOnlyList<CanaryResult> Canaries, GateVerdict Verdict);
