using CodeTuner.Models;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Lora;
using CodeTuner.Tensors.Autograd;

namespace CodeTuner.Tuning.Trainer;

/// <summary>The weights that a recipe trains: all of the model's, or those of adapters that are put on it.</summary>
internal sealed class TrainedWeights : IDisposable
{
    private TrainedWeights(LoraAdapterSet? adapter, IReadOnlyList<Parameter> parameters) => (Adapter, Parameters) = (adapter, parameters);

    /// <summary>The adapters; null where all of the model's weights are trained.</summary>
    public LoraAdapterSet? Adapter { get; }

    /// <summary>What the optimizer changes.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Those of a model; adapters are new and change nothing yet.</summary>
    public static TrainedWeights Of(TuneRecipe recipe, DecoderLanguageModel model)
    {
        if (recipe.Method == TuneMethod.Full)
            return new TrainedWeights(null, model.Decoder.Parameters);
        LoraConfig config = new()
        {
            Rank = recipe.LoraRank, Alpha = recipe.LoraAlpha, TargetModules = LoraConfig.AllLinear, Dropout = recipe.Dropout, BaseModel = Path.GetFileName(recipe.BaseModel),
        };
        LoraAdapterSet adapter = LoraAdapterSet.Create(model.Decoder, config, RandomSequence.Combine(recipe.Seed, 99));
        return new TrainedWeights(adapter, [.. adapter.Parameters]);
    }

    /// <summary>Training is over: no gradients are wanted any more.</summary>
    public void Freeze()
    {
        foreach (Parameter parameter in Parameters)
            parameter.Freeze();
    }

    /// <summary>Takes the adapters off the model.</summary>
    public void Dispose() => Adapter?.Dispose();
}
