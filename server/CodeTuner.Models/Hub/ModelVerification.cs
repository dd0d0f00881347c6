using CodeTuner.Models.Architectures;
using CodeTuner.Models.Generation;
using CodeTuner.Tensors;

namespace CodeTuner.Models.Hub;

/// <summary>What a check of a model folder found.</summary>
/// <param name="Config">Its config.</param>
/// <param name="Bytes">The size of its files.</param>
/// <param name="FillInTheMiddle">Whether its vocabulary has the sentinels.</param>
public sealed record ModelVerification(ModelConfig Config, long Bytes, bool FillInTheMiddle)
{
    /// <summary>Reads every part of a model and runs it over a few tokens.</summary>
    /// <exception cref="ModelFormatException">Something is missing, damaged, not supported, or gives no numbers.</exception>
    public static ModelVerification Run(string folder, Backend backend)
    {
        using DecoderLanguageModel model = DecoderLanguageModel.Load(folder, backend);
        int[] probe = model.Tokenizer.Encode("int main() { return 0; }\n");
        if (probe.Length < 2 || Array.Exists(model.Score(probe), p => !float.IsFinite(p)))
            throw new ModelFormatException($"{folder}: the model gives no finite probabilities; its weights are damaged. Download it again.");
        long bytes = new DirectoryInfo(folder).EnumerateFiles().Sum(f => f.Length);
        return new ModelVerification(model.Decoder.Config, bytes, model.FimFormat is not null);
    }
}
