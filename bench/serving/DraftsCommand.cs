using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Hub;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;

namespace CodeTuner.Serving;

/// <summary><c>drafts</c>: writing with guessed tokens beside writing one by one, after the same prompts.</summary>
internal static class DraftsCommand
{
    private const int PromptTokens = 800;

    public static Command Create()
    {
        Option<string[]> folders = new("--folders") { Description = "Repositories.", AllowMultipleArgumentsPerToken = true, Required = true };
        Option<DType> type = new("--type") { Description = "How matrices are stored.", DefaultValueFactory = _ => DType.Q8_0 };
        Option<int> threads = new("--threads") { Description = "Threads.", DefaultValueFactory = _ => 2 };
        Option<int> count = new("--count") { Description = "Places in each repository.", DefaultValueFactory = _ => 60 };
        Option<int?> rows = new("--rows") { Description = "Rows of a step with a guess; by measurement where it is not given." };
        Command command = new("drafts", "Compare writing with guesses and without.") { folders, type, threads, count, rows };
        command.SetAction(r => Run(r.GetValue(folders)!, r.GetValue(type), r.GetValue(threads), r.GetValue(count), r.GetValue(rows)));
        return command;
    }

    private static void Run(string[] folders, DType type, int threads, int count, int? rows)
    {
        using CpuBackend backend = new(new CpuBackendOptions { Threads = threads });
        using DecoderLanguageModel model = DecoderLanguageModel.Load(ModelCatalog.Find(null), backend, type);
        SampleCode[] some = [.. SampleCode.Lines(folders[0], 15)];
        foreach (bool isBlock in new[] { false, true })
        {
            foreach (int? fixedRows in new int?[] { 8, 4, 2, 1, null })
                Measure(model, some, isBlock, fixedRows); // compiles
            foreach (string folder in folders)
            {
                Sample[] samples = Measure(model, [.. SampleCode.Lines(folder, count)], isBlock, rows);
                double one = samples.Sum(s => s.One), guessed = samples.Sum(s => s.Guessed);
                int tokens = samples.Sum(s => s.Tokens), steps = samples.Sum(s => s.Steps);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{Path.GetFileName(folder)}, {(isBlock ? "64 tokens" : "a line")}: {tokens} tokens, {(double)tokens / steps:N2} a step; {tokens / one:N0} tokens/s one by one, {tokens / guessed:N0} with guesses; of the time {new Spread(samples.Select(s => s.Guessed / s.One)).Text("N2")}, in all {guessed / one:N3}"));
            }
        }
    }

    private static Sample[] Measure(DecoderLanguageModel model, SampleCode[] places, bool isBlock, int? rows)
    {
        List<Sample> samples = [];
        foreach (SampleCode place in places)
        {
            FimFormat format = model.FimFormat!;
            int[] prompt = place.Prompt(format, model.Tokenizer, PromptTokens);
            GenerationOptions options = isBlock
                ? new() { MaxTokens = 64 }
                : new() { MaxTokens = 32, StopTokens = format.StopTokens, ShouldStop = t => t.Contains('\n', StringComparison.Ordinal) };
            model.Generate(prompt, options with { MaxTokens = 1 });

            // In turn, twice; the sooner one of each counts.
            (double one, GenerationResult result) = Timed(model, prompt, options, 1);
            (double guessed, GenerationResult checkedResult) = Timed(model, prompt, options, rows);
            one = Math.Min(one, Timed(model, prompt, options, 1).Seconds);
            guessed = Math.Min(guessed, Timed(model, prompt, options, rows).Seconds);
            if (!result.Tokens.SequenceEqual(checkedResult.Tokens) || !result.LogProbabilities.SequenceEqual(checkedResult.LogProbabilities))
                throw new InvalidOperationException($"{place.Path}: guesses changed what was written.");
            if (result.Tokens.Count > 0)
                samples.Add(new Sample(one, guessed, result.Tokens.Count, checkedResult.Steps));
        }

        return [.. samples];
    }

    private static (double Seconds, GenerationResult Result) Timed(DecoderLanguageModel model, int[] prompt, GenerationOptions options, int? rows)
    {
        model.DraftRows = rows;
        long start = Stopwatch.GetTimestamp();
        GenerationResult result = model.Generate(prompt, options);
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, result);
    }

    private sealed record Sample(double One, double Guessed, int Tokens, int Steps);
}
