using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CodeTuner.Assist.Completion;
using CodeTuner.Assist.Context;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Hub;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Serving;

/// <summary><c>prompt</c>: a completion whose prompt is not cached beside one that grew by a line, in this process.</summary>
internal static class PromptCommand
{
    private const int Lines = 5;

    public static Command Create()
    {
        Option<int> places = new("--places") { Description = "Places to write at.", DefaultValueFactory = _ => 24 };
        Option<int> rounds = new("--rounds") { Description = "Rounds over all places.", DefaultValueFactory = _ => 3 };
        Option<int> threads = new("--threads") { Description = "Threads.", DefaultValueFactory = _ => 2 };
        Option<DType> type = new("--type") { Description = "How matrices are stored.", DefaultValueFactory = _ => DType.Q8_0 };
        Command command = new("prompt", "Compare a cold prompt with one that grew by a line.") { places, rounds, threads, type };
        command.SetAction(result => Run(result.GetValue(places), result.GetValue(rounds), result.GetValue(threads), result.GetValue(type)));
        return command;
    }

    private static void Run(int places, int rounds, int threads, DType type)
    {
        using CpuBackend backend = new(new CpuBackendOptions { Threads = threads });
        using DecoderLanguageModel model = DecoderLanguageModel.Load(ModelCatalog.Find(null), backend, type);
        WorkspaceContext context = new();
        foreach ((string path, string text) in SampleWorkspace.Files)
            context.Set(path, LanguageTable.Of(path), text);
        // A line of 12 tokens, no more, so that both sides write the same.
        CompletionOptions options = new() { LineTokens = 12, MaxLines = 1 };
        Place[] all = [.. SampleWorkspace.Places(places, Lines)];
        Measure(model, context, options, all, []); // compiles
        List<Sample> samples = [];
        for (int i = 0; i < rounds; i++)
            Measure(model, context, options, all, samples);

        Print("cold", samples.Select(s => s.Cold));
        Print("grown by one line", samples.Select(s => s.Grown));
        Console.WriteLine($"ratio {new Spread(samples.Select(s => s.Grown / s.Cold)).Text("N3")}");
        Console.WriteLine($"tokens written {new Spread(samples.Select(s => (double)s.Tokens)).Text("N0")}, reused {new Spread(samples.Select(s => (double)s.Reused)).Text("N0")}");
        Print("12 tokens after a warm prompt of 512", Warm(model, rounds * 10));
    }

    private static void Measure(DecoderLanguageModel model, WorkspaceContext context, CompletionOptions options, Place[] places, List<Sample> samples)
    {
        foreach (Place place in places)
        {
            CompletionEngine engine = new(model, "codetuner", context, options);
            model.ClearCache();
            engine.Complete(Request(place, 0));
            for (int written = 1; written < Lines; written++)
            {
                // What grew first: the cold one ends with the cache that the next one starts with.
                (double grown, CompletionResult result) = Timed(engine, Request(place, written));
                CompletionEngine fresh = new(model, "codetuner", context, options);
                model.ClearCache();
                (double cold, _) = Timed(fresh, Request(place, written));
                model.ClearCache();
                engine.Complete(Request(place, written));
                samples.Add(new Sample(cold, grown, result.Tokens, result.ReusedPromptTokens));
            }
        }
    }

    private static CompletionRequest Request(Place place, int written) => new(place.Path, place.Prefix(written), place.Suffix);

    private static (double Milliseconds, CompletionResult Result) Timed(CompletionEngine engine, CompletionRequest request)
    {
        long start = Stopwatch.GetTimestamp();
        CompletionResult result = engine.Complete(request);
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, result);
    }

    private static IEnumerable<double> Warm(DecoderLanguageModel model, int count)
    {
        int[] prompt = model.Tokenizer.Encode(string.Concat(SampleWorkspace.Files.Take(20).Select(f => f.Text)))[..512];
        GenerationOptions options = new() { MaxTokens = 12 };
        model.Generate(prompt, options);
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            model.Generate(prompt, options);
            yield return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static void Print(string what, IEnumerable<double> milliseconds) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {new Spread(milliseconds).Text("N1")} ms"));

    private sealed record Sample(double Cold, double Grown, int Tokens, int Reused);
}
