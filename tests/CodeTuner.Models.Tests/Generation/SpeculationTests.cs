using CodeTuner.Models.Generation;
using CodeTuner.Models.Hub;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;

namespace CodeTuner.Models.Tests.Generation;

/// <summary>Guessed tokens change nothing but the number of steps.</summary>
public sealed class SpeculationTests
{
    // Real code, and code that says the same again and again, where most guesses are right.
    private static readonly string[] Texts =
    [
        ReadSource("server/CodeTuner.Tensors/Shape.cs")[..1200],
        ReadSource("server/CodeTuner.Models/Generation/Sampler.cs")[..1000],
        string.Concat(Enumerable.Range(0, 15).Select(i => $"        values.Add(new Item(\"name{i % 4}\", {i % 3}));\n")) + "        values.Add(",
    ];

    public static TheoryData<DType, CpuKernelSet?, int, int?> Cases => new()
    {
        { DType.Float32, null, 2, 8 }, { DType.BFloat16, null, 2, 4 }, { DType.Float16, null, 1, 8 }, { DType.Q8_0, null, 2, 8 },
        { DType.Q8_0, null, 1, 2 }, { DType.Q8_0, null, 3, null }, { DType.BFloat16, CpuKernelSet.Portable, 2, 4 }, { DType.Q8_0, CpuKernelSet.Portable, 2, 3 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void GivesTheSameTokensAndProbabilities(DType type, CpuKernelSet? kernels, int threads, int? rows)
    {
        using CpuBackend backend = new(new CpuBackendOptions { Threads = threads, Kernels = kernels });
        using DecoderLanguageModel model = DecoderLanguageModel.Load(ModelCatalog.Find(null), backend, type);
        int saved = 0;
        foreach (string text in Texts)
        {
            int[] prompt = model.Tokenizer.Encode(text);
            foreach (int most in new[] { 2, 40 })
                saved += CheckSame(model, prompt, rows, () => new GenerationOptions { MaxTokens = most });
        }

        Assert.True(rows is null || saved > 0, "no guess was right");
    }

    [Fact]
    public void StopsAtTheSamePlace()
    {
        using CpuBackend backend = new(new CpuBackendOptions { Threads = 2 });
        using DecoderLanguageModel model = DecoderLanguageModel.Load(ModelCatalog.Find(null), backend, DType.Q8_0);
        int[] prompt = model.Tokenizer.Encode(Texts[2]);
        GenerationResult whole = model.Generate(prompt, new GenerationOptions { MaxTokens = 40 });
        for (int i = 0; i < 40; i += 3)
        {
            int count = i, token = whole.Tokens[i];
            CheckSame(model, prompt, 8, () => new GenerationOptions { MaxTokens = 40, StopTokens = [token] });
            CheckSame(model, prompt, 8, () =>
            {
                int calls = 0;
                return new GenerationOptions { MaxTokens = 40, ShouldStop = _ => ++calls > count };
            });
        }
    }

    [Fact]
    public void ShowsEachTokensTextAsItIsChosen()
    {
        using CpuBackend backend = new(new CpuBackendOptions { Threads = 2 });
        using DecoderLanguageModel model = DecoderLanguageModel.Load(ModelCatalog.Find(null), backend, DType.Q8_0);
        int[] prompt = model.Tokenizer.Encode(Texts[2]);
        Assert.Equal(Seen(1), Seen(8));

        List<string> Seen(int rows)
        {
            List<string> seen = [];
            model.DraftRows = rows;
            model.Generate(prompt, new GenerationOptions
            {
                MaxTokens = 30,
                ShouldStop = text =>
                {
                    seen.Add(text);
                    return false;
                },
            });
            return seen;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(17)]
    public void StopsBeforeTheNextTokenWhereItIsCancelled(int after)
    {
        using CpuBackend backend = new(new CpuBackendOptions { Threads = 2 });
        using DecoderLanguageModel model = DecoderLanguageModel.Load(ModelCatalog.Find(null), backend, DType.Q8_0);
        int[] prompt = model.Tokenizer.Encode(Texts[2]);
        int[] written = [.. prompt, .. model.Generate(prompt, new GenerationOptions { MaxTokens = 40 }).Tokens];
        foreach (int rows in new[] { 1, 8 })
        {
            model.DraftRows = rows;
            model.ClearCache();
            using CancellationTokenSource source = new();
            int calls = 0;
            GenerationOptions options = new()
            {
                MaxTokens = 40,
                ShouldStop = _ =>
                {
                    if (++calls == after)
                        source.Cancel();
                    return false;
                },
            };
            Assert.ThrowsAny<OperationCanceledException>(() => model.Generate(prompt, options, source.Token));
            Assert.Equal(after, calls);
            Assert.Equal(prompt.Length + after - 1, model.Generate(written, new GenerationOptions { MaxTokens = 1 }).ReusedPromptTokens);
        }
    }

    [Fact]
    public void WritesToTheEndOfTheContext()
    {
        using CpuBackend backend = new(new CpuBackendOptions { Threads = 2 });
        using DecoderLanguageModel model = DecoderLanguageModel.Load(ModelCatalog.Find(null), backend, DType.Q8_0);
        int[] text = model.Tokenizer.Encode(string.Concat(Enumerable.Repeat(Texts[2], 8)));
        for (int left = 1; left <= 9; left += 4)
        {
            model.DraftRows = 8;
            GenerationResult result = model.Generate(text[..(model.ContextLength - left)], new GenerationOptions { MaxTokens = 40 });
            model.DraftRows = 1;
            GenerationResult single = model.Generate(text[..(model.ContextLength - left)], new GenerationOptions { MaxTokens = 40 });
            Assert.Equal(left, single.Tokens.Count);
            Assert.Equal(single.Tokens, result.Tokens);
        }
    }

    [Fact]
    public void DoesNotGuessWhereTokensAreDrawn()
    {
        using CpuBackend backend = new(new CpuBackendOptions { Threads = 2 });
        using DecoderLanguageModel model = DecoderLanguageModel.Load(ModelCatalog.Find(null), backend, DType.Q8_0);
        model.DraftRows = 8;
        GenerationResult result = model.Generate(model.Tokenizer.Encode(Texts[2]), new GenerationOptions { MaxTokens = 20, Temperature = 0.1f });
        Assert.Equal(result.Tokens.Count, result.Steps);
    }

    [Theory]
    [InlineData("1 2 3 9 1 2 3", 3, "9 1 2 3")]
    [InlineData("1 2 7 5 1 2 8 5 1 2", 3, "8 5 1 2")] // the longer match before the later one
    [InlineData("1 2 7 1 2 8 1 2", 2, "8 1 2 8")] // the last of equally long ones
    [InlineData("4 5 4 5 4 5", 4, "4 5 4 5")]
    [InlineData("6 6 6", 2, "6 6 6 6")]
    [InlineData("1 2 3 4", 0, "")]
    [InlineData("7 2 3 9 8 3", 0, "")] // one token is not enough
    [InlineData("1", 0, "")]
    public void FindsWhatFollowedBefore(string text, int match, string guess)
    {
        int[] found = new int[4];
        Assert.Equal(match, PromptLookup.Find([.. text.Split(' ').Select(int.Parse)], found));
        if (match > 0)
            Assert.Equal(guess, string.Join(' ', found));
    }

    [Fact]
    public void TakesTheRowsThatPay()
    {
        // Steps of eight rows that take little longer than of one.
        Assert.Equal(8, RowsAtTheEnd(isRepetitive: true, rows => 1 + (0.05 * rows)));
        Assert.Equal(1, RowsAtTheEnd(isRepetitive: false, rows => 1 + (0.05 * rows)));

        // Each row takes as long as a step.
        Assert.Equal(1, RowsAtTheEnd(isRepetitive: true, rows => rows));
    }

    [Fact]
    public void WrongGuessesTakeNextToNoTime()
    {
        // Two tokens that stood before are hardly ever followed by the same.
        double time = 0;
        int written = 0;
        Simulate(isRepetitive: false, rows => rows, 2000, (rows, chosen) => (time, written) = (time + rows, written + chosen));
        Assert.InRange(time / written, 1, 1.02);
    }

    private static int RowsAtTheEnd(bool isRepetitive, Func<int, double> milliseconds)
    {
        int last = 0;
        Simulate(isRepetitive, milliseconds, 400, (rows, _) => last = rows);
        return last;
    }

    private static void Simulate(bool isRepetitive, Func<int, double> milliseconds, int steps, Action<int, int> done)
    {
        Speculation speculation = new();
        Random random = new(1);
        List<int> text = [1];
        for (int i = 0; i < steps; i++)
        {
            int[] draft = [.. speculation.Draft([.. text], 8)];
            speculation.Took(draft.Length + 1, TimeSpan.FromMilliseconds(milliseconds(draft.Length + 1)));
            int chosen = 0, token;
            do
            {
                chosen++;
                token = isRepetitive ? (text[^1] + 1) % 30 : random.Next(30);
                speculation.Chosen(token);
                text.Add(token);
            }
            while (chosen <= draft.Length && token == draft[chosen - 1]);
            done(draft.Length + 1, chosen);
        }
    }

    // Returns the steps saved.
    private static int CheckSame(DecoderLanguageModel model, int[] prompt, int? rows, Func<GenerationOptions> options)
    {
        model.ClearCache();
        model.DraftRows = 1;
        GenerationResult single = model.Generate(prompt, options()), again = model.Generate([.. prompt, .. single.Tokens.Take(5)], options());
        model.ClearCache();
        model.DraftRows = rows;
        GenerationResult guessed = model.Generate(prompt, options()), guessedAgain = model.Generate([.. prompt, .. single.Tokens.Take(5)], options());
        foreach ((GenerationResult expected, GenerationResult found) in new[] { (single, guessed), (again, guessedAgain) })
        {
            Assert.Equal(expected.Tokens, found.Tokens);
            Assert.Equal(expected.LogProbabilities.Select(BitConverter.SingleToInt32Bits), found.LogProbabilities.Select(BitConverter.SingleToInt32Bits));
            Assert.Equal((expected.Text, expected.FinishReason, expected.ReusedPromptTokens), (found.Text, found.FinishReason, found.ReusedPromptTokens));
            Assert.Equal(expected.Tokens.Count + (expected.FinishReason == FinishReason.StopToken ? 1 : 0), expected.Steps);
        }

        return single.Steps - guessed.Steps;
    }

    private static string ReadSource(string path)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CodeTuner.sln")))
            folder = folder.Parent;
        return File.ReadAllText(Path.Combine(folder!.FullName, path));
    }
}
