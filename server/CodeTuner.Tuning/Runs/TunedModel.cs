using CodeTuner.Models.Architectures;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Models.Lora;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Autograd;

namespace CodeTuner.Tuning.Runs;

/// <summary>Writes what was trained into the run's folder: the model, and the adapter where there is one.</summary>
internal static class TunedModel
{
    /// <summary>Saves the model with its base's tokenizer, whole or not at all; its weights are then as they were rounded for the file.</summary>
    /// <param name="run">The run.</param>
    /// <param name="baseModel">The base's folder.</param>
    /// <param name="decoder">The tuned model.</param>
    /// <param name="adapter">Its adapters, which are merged into it.</param>
    public static void Save(RunFolder run, string baseModel, Decoder decoder, LoraAdapterSet? adapter)
    {
        adapter?.Save(run.Adapter);
        adapter?.Merge();
        string beside = run.Model + ".new";
        if (Directory.Exists(beside))
            Directory.Delete(beside, recursive: true);
        decoder.Save(beside, DType.BFloat16);
        foreach (string name in (string[])["tokenizer.json", "tokenizer_config.json"])
        {
            string from = Path.Combine(baseModel, name);
            if (File.Exists(from))
                File.Copy(from, Path.Combine(beside, name));
        }

        if (Directory.Exists(run.Model))
            Directory.Delete(run.Model, recursive: true);
        Directory.Move(beside, run.Model);

        // What is measured is what will be served.
        using SafetensorsFile file = new(Path.Combine(run.Model, "model.safetensors"));
        foreach (Parameter parameter in decoder.Parameters.Where(p => p.Value.Type == DType.Float32))
            decoder.Backend.Write(parameter.Value, file.Floats(parameter.Name));
    }
}
