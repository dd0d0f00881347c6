using CodeTuner.Models.Architectures;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Models.Lora;
using CodeTuner.Tensors;

namespace CodeTuner.Tuning.Runs;

/// <summary>Writes what was trained into the run's folder: the model, and the adapter where there is one.</summary>
internal static class TunedModel
{
    /// <summary>Saves the model with its base's tokenizer, whole or not at all.</summary>
    /// <param name="run">The run.</param>
    /// <param name="baseModel">The base's folder.</param>
    /// <param name="decoder">The tuned model.</param>
    /// <param name="adapter">Its adapters. They are added to the weights of the base's own file, which may say more than the decoder's.</param>
    public static void Save(RunFolder run, string baseModel, Decoder decoder, LoraAdapterSet? adapter)
    {
        adapter?.Save(run.Adapter);
        string beside = run.Model + ".new";
        if (Directory.Exists(beside))
            Directory.Delete(beside, recursive: true);
        if (adapter is null)
        {
            decoder.Save(beside, DType.BFloat16);
        }
        else
        {
            using Checkpoint original = Checkpoint.Open(baseModel);
            decoder.Save(beside, DType.BFloat16, (parameter, values) =>
            {
                original.FileOf(parameter.Name).Read(parameter.Name, values);
                adapter.AddTo(parameter, values);
            });
        }

        foreach (string name in (string[])["tokenizer.json", "tokenizer_config.json"])
        {
            string from = Path.Combine(baseModel, name);
            if (File.Exists(from))
                File.Copy(from, Path.Combine(beside, name));
        }

        if (Directory.Exists(run.Model))
            Directory.Delete(run.Model, recursive: true);
        Directory.Move(beside, run.Model);
    }
}
