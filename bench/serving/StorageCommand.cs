using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Hub;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tuning.Evaluation;

namespace CodeTuner.Serving;

/// <summary><c>storage</c>: what each way to hold the weights costs and loses on real code.</summary>
internal static class StorageCommand
{
    private const int SequenceTokens = 512;
    private const int LineTokens = 32;

    public static Command Create()
    {
        Option<string[]> folders = new("--folders") { Description = "Repositories.", AllowMultipleArgumentsPerToken = true, Required = true };
        Option<DType[]> types = new("--types")
        {
            Description = "Storage types; the first is compared with.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [DType.BFloat16, DType.Q8_0, DType.Q4_0],
        };
        Option<int> count = new("--count") { Description = "Sequences and lines of each repository.", DefaultValueFactory = _ => 60 };
        Command command = new("storage", "Compare storage types.") { folders, types, count };
        command.SetAction(result => Run(result.GetValue(folders)!, result.GetValue(types)!, result.GetValue(count)));
        return command;
    }

    private static void Run(string[] folders, DType[] types, int count)
    {
        Dictionary<string, Sample> first = [];
        foreach (DType type in types)
        {
            using CpuBackend backend = new();
            long start = Stopwatch.GetTimestamp();
            using DecoderLanguageModel model = DecoderLanguageModel.Load(ModelCatalog.Find(null), backend, type);
            double load = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{type}: {backend.AllocatedBytes / 1e6:N1} MB, loaded in {load:N0} ms"));
            foreach (string folder in folders)
            {
                Sample sample = Measure(model, folder, count);
                Sample before = first.TryGetValue(folder, out Sample? known) ? known : first[folder] = sample;
                double[] differences = [.. sample.Losses.Zip(before.Losses, (a, b) => a - b)], similar = [.. sample.Similarities.Zip(before.Similarities, (a, b) => a - b)];
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {Path.GetFileName(folder)}: {sample.Losses.Average():N4} nats a token ({Mean(differences)}), similarity {sample.Similarities.Average():N4} ({Mean(similar)}), the same line in {sample.Lines.Zip(before.Lines, (a, b) => a == b ? 1 : 0).Sum()} of {sample.Lines.Length}"));
            }
        }
    }

    private static string Mean(double[] differences)
    {
        double mean = differences.Average(), deviation = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / Math.Max(1, differences.Length - 1));
        return string.Create(CultureInfo.InvariantCulture, $"{mean:+0.0000;-0.0000} ± {1.96 * deviation / Math.Sqrt(differences.Length):N4}");
    }

    private static Sample Measure(DecoderLanguageModel model, string folder, int count)
    {
        List<double> losses = [], similarities = [];
        List<string> lines = [];
        foreach (string text in SampleCode.Texts(folder, count))
        {
            int[] ids = model.Tokenizer.Encode(text);
            losses.Add(-model.Score(ids[..Math.Min(ids.Length, SequenceTokens)]).Average());
        }

        foreach (SampleCode place in SampleCode.Lines(folder, count))
        {
            FimFormat format = model.FimFormat!;
            int[] prompt = place.Prompt(format, model.Tokenizer, SequenceTokens);
            GenerationResult result = model.Generate(prompt, new GenerationOptions { MaxTokens = LineTokens, StopTokens = format.StopTokens, ShouldStop = t => t.Contains('\n', StringComparison.Ordinal) });
            string line = FimPrompt.WithoutIndentation(place.Prefix, result.Text.Split('\n')[0].TrimEnd());
            lines.Add(line);
            similarities.Add(EditDistance.Similarity(line, place.Line));
        }

        return new Sample([.. losses], [.. similarities], [.. lines]);
    }

    private sealed record Sample(double[] Losses, double[] Similarities, string[] Lines);
}
