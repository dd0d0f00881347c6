using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using CodeTuner.Models.Generation;

namespace CodeTuner.Compare;

/// <summary><c>speed</c>: both sides in turn, for several rounds, and the ratio of each round.</summary>
internal static class SpeedCommand
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static Command Create()
    {
        Option<int> rounds = new("--rounds") { Description = "Rounds; each runs both sides once.", DefaultValueFactory = _ => 15 };
        Option<int> prompt = new("--prompt") { Description = "Tokens of the prompt.", DefaultValueFactory = _ => 512 };
        Option<int> decode = new("--decode") { Description = "Tokens to write.", DefaultValueFactory = _ => 128 };
        Command command = new("speed", "Compare prompt and decoding speed.")
        {
            CommonOptions.Peer, CommonOptions.Model, CommonOptions.Types, CommonOptions.Threads, rounds, prompt, decode,
        };
        command.SetAction(result =>
        {
            foreach (string type in result.GetValue(CommonOptions.Types)!)
            {
                using ComparedModel compared = new(result.GetValue(CommonOptions.Model), ComparedModel.TypeOf(type), result.GetValue(CommonOptions.Threads));
                Setting setting = new(result.GetValue(CommonOptions.Peer)!, result.GetValue(CommonOptions.Threads), result.GetValue(prompt), result.GetValue(decode));
                Compare(type, compared, setting, result.GetValue(rounds));
            }
        });
        return command;
    }

    private static void Compare(string type, ComparedModel compared, Setting setting, int rounds)
    {
        // The first calls are compiled, and again where they are found to be hot.
        for (Stopwatch warm = Stopwatch.StartNew(); warm.Elapsed < WarmUp;)
            Here(compared.Model, setting);
        List<(Speed Here, Speed There)> results = [];
        for (int i = 0; i < rounds; i++)
        {
            if (i % 2 == 0)
            {
                Speed here = Here(compared.Model, setting);
                results.Add((here, There(compared.File, setting)));
            }
            else
            {
                Speed there = There(compared.File, setting);
                results.Add((Here(compared.Model, setting), there));
            }
        }

        Print($"{type}, prompt of {setting.Prompt}", results, s => s.Prompt);
        Print($"{type}, {setting.Decode} tokens written", results, s => s.Decode);
    }

    // As llama-bench does: once without a clock, then once with it.
    private static Speed Here(DecoderLanguageModel model, Setting setting)
    {
        int[] prompt = [.. Enumerable.Range(0, setting.Prompt).Select(i => 100 + (i * 7919 % 1000))];
        double promptSeconds = Seconds(() => model.LastLogits(prompt));
        double decodeSeconds = Seconds(() => model.Generate(prompt.AsSpan(0, 1), new GenerationOptions { MaxTokens = setting.Decode }));
        return new Speed(setting.Prompt / promptSeconds, setting.Decode / decodeSeconds);

        double Seconds(Action action)
        {
            Stopwatch watch = new();
            for (int i = 0; i < 2; i++)
            {
                model.ClearCache();
                watch.Restart();
                action();
            }

            return watch.Elapsed.TotalSeconds;
        }
    }

    private static Speed There(string gguf, Setting setting)
    {
        ProcessStartInfo start = new(Path.Combine(setting.Peer, "llama-bench"),
            ["-m", gguf, "-t", $"{setting.Threads}", "-p", $"{setting.Prompt}", "-n", $"{setting.Decode}", "-r", "1", "-o", "json"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"llama-bench ended with {process.ExitCode}: {errors.Result}");
        using JsonDocument json = JsonDocument.Parse(output);
        double SpeedOf(Func<JsonElement, bool> test) => json.RootElement.EnumerateArray().Single(test).GetProperty("avg_ts").GetDouble();
        return new Speed(SpeedOf(t => t.GetProperty("n_gen").GetInt32() == 0), SpeedOf(t => t.GetProperty("n_prompt").GetInt32() == 0));
    }

    private static void Print(string what, List<(Speed Here, Speed There)> results, Func<Speed, double> value) => Console.WriteLine(
        $"{what}: here {new Spread(results.Select(r => value(r.Here))).Text("N0")}, there {new Spread(results.Select(r => value(r.There))).Text("N0")} tokens/s; "
        + $"ratio {new Spread(results.Select(r => value(r.Here) / value(r.There))).Text("N2")}");

    private sealed record Setting(string Peer, int Threads, int Prompt, int Decode);

    /// <summary>Tokens a second.</summary>
    private sealed record Speed(double Prompt, double Decode);
}
