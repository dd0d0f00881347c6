using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tests;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Tuning.Tests.Objectives;

public class FimPromptTests
{
    private static readonly ByteTokenizer Bytes = new();
    private static readonly Tokenizer Embedded = TokenizerFile.Load(Path.Combine(Repository.Root, "models", "codetuner-10m", "tokenizer.json"));

    [Fact]
    public void LaysOutTheFileAlone() =>
        Assert.Equal("<|file_sep|>a.cs\n<|fim_prefix|>// A\n<|fim_suffix|>;\n<|fim_middle|>int x = ", Text("// A\nint x = ", ";\n", 100));

    [Fact]
    public void LaysOutOtherFilesFirst() =>
        Assert.Equal(
            "<|repo_name|>shop\n<|file_sep|>far.cs\nclass Far;\n<|file_sep|>near.cs\nclass Near;\n<|file_sep|>a.cs\n<|fim_prefix|><|fim_suffix|>y<|fim_middle|>x",
            Text("x", "y", 300, new ContextSnippet("far.cs", "class Far;"), new ContextSnippet("near.cs", "class Near;\n")));

    [Fact]
    public void WithoutSeparatorsOnlyTheTextIsShown()
    {
        FimFormat format = ByteTokenizer.Format with { FileSeparator = null, RepositoryName = null };
        int[] prompt = FimPrompt.Build(format, Bytes, "a.cs", "x", "y", 300, "shop", [new("b.cs", "z")]);
        Assert.Equal("<|fim_prefix|><|fim_suffix|>y<|fim_middle|>x", Bytes.Decode(prompt));
        Assert.Equal(prompt.Length - 1, FimPrompt.MiddleStart(format, prompt));
    }

    [Fact]
    public void LongBeginningOfALineIsLeftWithThePrefix()
    {
        string line = new('x', 400);
        Assert.EndsWith("<|fim_middle|>", Text(line, ";\n", 2000), StringComparison.Ordinal);
        Assert.Contains("<|fim_prefix|>" + line, Text(line, ";\n", 2000), StringComparison.Ordinal);
        Assert.EndsWith("<|fim_middle|>", Text(new string('x', 100), ";\n", 150), StringComparison.Ordinal);
    }

    [Fact]
    public void ManyLinesWrittenLeaveTheGapAtTheLine()
    {
        int[] prompt = FimPrompt.Build(ByteTokenizer.Format, Bytes, "a.cs", Lines("line", 30) + "last", ";\n", 200, gap: 0);
        Assert.EndsWith("line29;\n<|fim_suffix|>;\n<|fim_middle|>last", Bytes.Decode(prompt), StringComparison.Ordinal);
    }

    [Fact]
    public void SentinelsInTheTextStayText()
    {
        FimFormat format = FimFormat.Detect(Embedded)!;
        int[] prompt = FimPrompt.Build(format, Embedded, "a.cs", "\"<|fim_middle|>\" <|endoftext|>", "<|file_sep|>", 200);
        Assert.Single(prompt, format.Middle);
        Assert.Single(prompt, format.FileSeparator!.Value);
        Assert.DoesNotContain(format.EndOfText, prompt);
    }

    [Theory]
    [InlineData(1000, 1000)] // both are cut: two thirds before
    [InlineData(1000, 10)]
    [InlineData(10, 1000)]
    [InlineData(10, 10)]
    public void RoomIsSharedOut(int linesBefore, int linesAfter)
    {
        const int Room = 400;
        string prefix = Lines("before", linesBefore), suffix = Lines("after", linesAfter);
        string[] parts = Text(prefix, suffix, Room).Split((string[])["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"], StringSplitOptions.None);
        Assert.EndsWith(parts[1], prefix, StringComparison.Ordinal);
        Assert.StartsWith(parts[2], suffix, StringComparison.Ordinal);

        // What is cut is cut at lines.
        Assert.StartsWith("before", parts[1], StringComparison.Ordinal);
        Assert.EndsWith("\n", parts[2], StringComparison.Ordinal);
        if (linesBefore > 10 && linesAfter > 10)
            Assert.InRange((double)parts[1].Length / (parts[1].Length + parts[2].Length), 0.55, 0.75);
        Assert.Equal(linesBefore <= 10, parts[1] == prefix);
        Assert.Equal(linesAfter <= 10, parts[2] == suffix);
        if (linesBefore > 10 || linesAfter > 10)
            Assert.True(parts[1].Length + parts[2].Length > Room / 2);
    }

    [Fact]
    public void LastSnippetsStayAndTakeAtMostHalf()
    {
        ContextSnippet[] context = [.. Enumerable.Range(0, 10).Select(i => new ContextSnippet($"{i}.cs", Lines($"line{i}x", 8)))];
        string prompt = Text(Lines("before", 100), "", 600, context);
        Assert.Contains(context[9].Text, prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("<|file_sep|>0.cs", prompt, StringComparison.Ordinal);
        int own = prompt.IndexOf("<|file_sep|>a.cs", StringComparison.Ordinal);
        Assert.InRange(Bytes.Encode(prompt[..own]).Length, 150, 300 + (10 * "<|file_sep|>".Length));

        // The one that is cut is cut behind a line.
        Assert.All(prompt[..own].Split("<|file_sep|>").Skip(1), s => Assert.EndsWith("\n", s, StringComparison.Ordinal));
    }

    /// <summary>While somebody types in a long file, what stands before the last sentinel hardly ever changes.</summary>
    [Fact]
    public void TypingKeepsTheBeginning()
    {
        FimFormat format = FimFormat.Detect(Embedded)!;
        string before = Code.Class(1, methods: 60), after = Code.Class(2, methods: 20);
        const string Typed = "        int total = invoices.Where(i => i.IsOpen && i.Due < today).Sum(i => i.Amount) - credit.Balance;";
        List<int[]> prompts = [.. Enumerable.Range(1, Typed.Length).Select(i => FimPrompt.Build(format, Embedded, "a.cs", before + Typed[..i], after, 384))];
        int changes = prompts.Zip(prompts.Skip(1)).Count(p => p.First.AsSpan().CommonPrefixLength(p.Second) < FimPrompt.MiddleStart(format, p.Second));
        Assert.InRange(changes, 0, 4);
        Assert.All(prompts, p => Assert.InRange(p.Length, 200, 384));
    }

    /// <summary>Where the gap stays, lines that are written follow the last sentinel, and nothing changes before it.</summary>
    [Fact]
    public void LinesThatAreWrittenFollowTheLastSentinel()
    {
        FimFormat format = FimFormat.Detect(Embedded)!;
        string before = Code.Class(1, methods: 60), after = Code.Class(2, methods: 20);
        string written = "";
        int[]? last = null;
        for (int i = 0; i < 6; i++)
        {
            foreach (string typed in (string[])["", "    ", "    int sum"])
            {
                int[] prompt = FimPrompt.Build(format, Embedded, "a.cs", before + written + typed, after, 384, gap: before.Length);
                int start = FimPrompt.MiddleStart(format, prompt);
                Assert.Equal(written + typed.TrimEnd(), Embedded.Decode(prompt.AsSpan(start)));
                Assert.True(last is null || prompt.AsSpan(0, start).SequenceEqual(last));
                last = prompt[..start];
            }

            written += $"    int value{i} = Read({i});\n";
        }
    }

    [Fact]
    public void NeverLongerThanAsked()
    {
        Gen<string> texts = Gen.Elements("", "x", "\n", "int a = 1;\n", "\t\t😀é\r\n", "<|fim_suffix|>", "                    ")
            .SelectMany(unit => Gen.Choose(0, 120).Select(n => string.Concat(Enumerable.Repeat(unit, n))));
        Gen<(string P, string S, string C, int Max)> cases =
            texts.SelectMany(p => texts.SelectMany(s => texts.SelectMany(c => Gen.Choose(3, 200).Select(m => (p, s, c, m)))));
        foreach (Tokenizer tokenizer in (Tokenizer[])[Bytes, Embedded])
        {
            FimFormat format = FimFormat.Detect(tokenizer)!;
            Check.QuickThrowOnFailure(Prop.ForAll(cases.ToArbitrary(), c =>
            {
                int[] prompt = FimPrompt.Build(format, tokenizer, "src/file.cs", c.P, c.S, c.Max, "repo", [new("b.cs", c.C), new("c.cs", c.P)],
                    gap: c.Max % 2 == 0 ? null : c.P.IndexOf('\n', StringComparison.Ordinal) + 1);
                Assert.InRange(prompt.Length, 3, c.Max);
                Assert.Single(prompt, format.Middle);
                Assert.Single(prompt, format.Prefix);
                Assert.True(Array.IndexOf(prompt, format.Prefix) < Array.IndexOf(prompt, format.Suffix));
            }));
        }
    }

    [Fact]
    public void NoRoomForTheSentinelsIsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FimPrompt.Build(ByteTokenizer.Format, Bytes, null, "", "", 2));

    private static string Text(string prefix, string suffix, int room, params ContextSnippet[] context) =>
        Bytes.Decode(FimPrompt.Build(ByteTokenizer.Format, Bytes, "a.cs", prefix, suffix, room, "shop", context));

    private static string Lines(string word, int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"{word}{i};\n"));
}
