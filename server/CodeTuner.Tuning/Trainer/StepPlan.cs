using CodeTuner.Models.Architectures;
using CodeTuner.Models.Generation;
using CodeTuner.Tensors;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Tuning.Devices;

namespace CodeTuner.Tuning.Trainer;

/// <summary>Fills in what a recipe leaves open: what follows from the model, the machine and the samples.</summary>
internal static class StepPlan
{
    // Above about this size the optimizer's state outgrows what a laptop spares, and adapters learn as well.
    private const long FullLimit = 100_000_000;

    // Validation and checkpoints take their part of the time.
    private const double TrainingShare = 0.93;

    /// <summary>The method, how the base is held, the rows' length and the threads: all that is known before the base is loaded.</summary>
    /// <exception cref="TuningException">It would not fit into memory, or the base cannot be held as it was asked for.</exception>
    public static TuneRecipe Choose(TuneOptions options)
    {
        TuneRecipe recipe = options.Recipe;
        ModelConfig config = ModelConfig.LoadFrom(recipe.BaseModel);
        TuneMethod usual = options.BaseStorage is null or DType.Float32 ? UsualMethod(config) : TuneMethod.Lora;
        TuneMethod method = options.MethodIsChosen ? recipe.Method : usual;
        if (method != recipe.Method)
        {
            bool isUsualRate = recipe.LearningRate == TuneRecipe.UsualLearningRate(recipe.Method);
            recipe = recipe with { Method = method, LearningRate = isUsualRate ? TuneRecipe.UsualLearningRate(method) : recipe.LearningRate };
        }

        recipe = recipe with
        {
            RowLength = Math.Min(recipe.RowLength, config.MaxPositions),
            Threads = recipe.Threads == 0 ? Environment.ProcessorCount : recipe.Threads,
        };
        long available = options.AvailableMemory ?? MemoryEstimate.Available();
        recipe = recipe with { BaseStorage = BaseStorage.Choose(config, recipe, options.BaseStorage, BaseStorage.Stored(recipe.BaseModel), available) };
        return MemoryEstimate.Fit(config, recipe, available, ofCard: options.AvailableMemory is not null);
    }

    /// <summary>What suits a model of its size, where nobody chooses.</summary>
    public static TuneMethod UsualMethod(ModelConfig config) => config.ParameterCount <= FullLimit ? TuneMethod.Full : TuneMethod.Lora;

    /// <summary>How many steps: those that were asked for, else the passes wanted, or what fits the time.</summary>
    /// <param name="recipe">The recipe, its method chosen.</param>
    /// <param name="model">The base; its speed is measured where the time is bounded.</param>
    /// <param name="pass">The rows of one pass.</param>
    public static TuneRecipe Steps(TuneRecipe recipe, DecoderLanguageModel model, IReadOnlyList<PackedRow> pass)
    {
        int steps = Math.Max(1, (int)Math.Ceiling(pass.Count * recipe.MaxPasses / recipe.RowsPerStep));
        if (recipe.TotalSteps > 0)
            steps = recipe.TotalSteps;
        else if (recipe.MaxMinutes > 0)
            steps = Math.Min(steps, Math.Max(1, (int)(recipe.MaxMinutes * 60 * TrainingShare * Speed(recipe, model, pass) / recipe.TokensPerStep)));
        int every = recipe.EvaluateEvery > 0 ? recipe.EvaluateEvery : Math.Clamp(steps / 8, 5, 50);
        return recipe with { TotalSteps = steps, EvaluateEvery = every };
    }

    // Tokens a second.
    private static double Speed(TuneRecipe recipe, DecoderLanguageModel model, IReadOnlyList<PackedRow> rows)
    {
        using TrainedWeights trained = TrainedWeights.Of(recipe, model);
        double speed = new TrainingLoop(model.Decoder, trained.Parameters, recipe, rows, [], "").MeasureSpeed();
        trained.Freeze();
        return speed;
    }
}
