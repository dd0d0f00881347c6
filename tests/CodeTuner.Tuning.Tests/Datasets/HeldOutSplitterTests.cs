using System.Diagnostics;
using CodeTuner.Tests;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Workspace;
using CodeTuner.Workspace.History;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Tests.Datasets;

public class HeldOutSplitterTests
{
    [Fact]
    public void NothingToLearnIsSaidSo() =>
        Assert.Contains("no code to learn from", Assert.Throws<TuningException>(() => HeldOutSplitter.Split([], null)).Message, StringComparison.Ordinal);

    [Fact]
    public void TooLittleSaysHowMuchThereIsAndIsNeeded()
    {
        string message = Assert.Throws<TuningException>(() => HeldOutSplitter.Split([Code.Document("a.cs", Code.Class(1, methods: 2))], null)).Message;
        Assert.Contains("16 lines in 1 files; at least 80 are needed", message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutHistoryATenthOfTheFilesIsHeldOut()
    {
        SourceDocument[] documents = Files(40);
        HeldOutSplit split = HeldOutSplitter.Split(documents, null);
        Assert.False(split.ByTime);
        Assert.InRange(split.HeldOut.Count, 4, 5);
        Assert.All(split.HeldOut, h => Assert.Equal([new TextSpan(0, h.Document.Text.Length)], h.Spans));
        Assert.Empty(split.Training.Select(t => t.Path).Intersect(split.HeldOut.Select(h => h.Document.Path)));
        Assert.Equal(40, split.Training.Count + split.HeldOut.Count);
        Assert.Equal(
            split.HeldOut.Select(h => h.Document.Path).Order(),
            HeldOutSplitter.Split([.. documents.Reverse()], null).HeldOut.Select(h => h.Document.Path).Order());
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(4, 8)]
    public void OfFewFilesTheEndsAreHeldOut(int files, int methods)
    {
        HeldOutSplit split = HeldOutSplitter.Split(Files(files, methods), null);
        Assert.Equal(files, split.HeldOut.Count);
        Assert.Equal(files, split.Training.Count);
        Assert.All(split.HeldOut, h => Assert.Equal(h.Document.Text.Length, h.Spans[^1].End));
        ShareNothing(split);
    }

    [Fact]
    public void OneFileThatIsNearlyAllIsCutToo()
    {
        SourceDocument[] documents = [Code.Document("big.cs", Code.Class(1, methods: 200)), .. Enumerable.Range(2, 5).Select(i => Code.Document($"{i}.cs", "class A { }\n"))];
        HeldOutSplit split = HeldOutSplitter.Split(documents, null);
        Assert.Contains(split.HeldOut, h => h.Document.Path == "big.cs");
        Assert.Contains(split.Training, t => t.Path == "big.cs");
    }

    [Fact]
    public void NewestCommitsAreHeldOutAndNothingOfThemIsLearned()
    {
        using TemporaryFolder folder = new();
        SourceDocument[] documents = History(folder);
        HeldOutSplit split = HeldOutSplitter.Split(documents, GitRepository.TryOpen(folder.Path));
        Assert.True(split.ByTime, split.Description);
        Assert.Equal(["3.cs", "new.cs"], split.HeldOut.Select(h => h.Document.Path).Order(StringComparer.Ordinal));
        Assert.Contains("The code of the newest 2 commits, with what is not committed yet, is held out: ", split.Description, StringComparison.Ordinal);
        ShareNothing(split);

        // What was there before the newest commits changed the file is learned, up to the place where they did.
        TrainingDocument changed = Assert.Single(split.Training, t => t.Path == "3.cs");
        Assert.Equal(Code.Class(3), changed.Text);
        int seam = Assert.Single(changed.Seams);
        Assert.EndsWith("    }\n\n", changed.Text[..seam], StringComparison.Ordinal);
        Assert.DoesNotContain(split.Training, t => t.Path == "new.cs");
    }

    [Fact]
    public void ImportOfNearlyEverythingIsNotHeldOut()
    {
        using TemporaryFolder folder = new();
        Git(folder, "init", "-q");
        folder.File("readme.txt", "first\n");
        Commit(folder, "first");
        SourceDocument[] documents = Files(20);
        foreach (SourceDocument document in documents)
            folder.File(document.Path, document.Text);
        Commit(folder, "import");
        HeldOutSplit split = HeldOutSplitter.Split(documents, GitRepository.TryOpen(folder.Path));
        Assert.False(split.ByTime);
        Assert.InRange(split.HeldOut.Count, 1, 4);
    }

    /// <summary>Copies of held-out code: a whole file, a function, some lines inside a function of another name.</summary>
    [Theory]
    [InlineData("file")]
    [InlineData("function")]
    [InlineData("lines")]
    public void CopiesOfHeldOutCodeAreNotLearned(string copied)
    {
        SourceDocument[] documents = Files(40);
        SourceDocument held = HeldOutSplitter.Split(documents, null).HeldOut[0].Document;
        string method = LongMethod();
        SourceDocument with = held with { Text = held.Text[..^2] + method + "}\n" };
        string[] lines = method.Split('\n');
        string copy = copied switch
        {
            "file" => with.Text,
            "function" => Code.Class(900)[..^2] + method + "}\n",
            _ => Code.Class(901)[..^2] + "    public void Other()\n    {\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"        Prepare{i}(step{i * 7});\n"))
                + string.Join('\n', lines[4..12]) + "\n    }\n}\n",
        };
        documents = [.. documents.Where(d => d.Path != held.Path), with, Code.Document(OtherThan(held.Path), copy)];
        HeldOutSplit split = HeldOutSplitter.Split(documents, null);
        Assert.Contains(split.HeldOut, h => h.Document.Path == held.Path);
        Assert.DoesNotContain(split.HeldOut, h => h.Document.Path == OtherThan(held.Path));
        Assert.DoesNotContain(split.Training, t => t.Text.Contains(lines[8], StringComparison.Ordinal));
        TrainingDocument? rest = split.Training.FirstOrDefault(t => t.Path == OtherThan(held.Path));
        if (copied == "file")
            Assert.Null(rest);
        else
            Assert.NotEmpty(rest!.Text);
        if (copied == "lines")
            Assert.Contains("Prepare7(step49)", rest!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void BoilerplateIsLearnedButNotMeasured()
    {
        string header = string.Concat(Enumerable.Range(1, 8).Select(i => $"// Line {i} of the licence that every file of this project begins with.\n"));
        SourceDocument[] documents = [.. Files(40).Select(d => d with { Text = header + d.Text })];
        HeldOutSplit split = HeldOutSplitter.Split(documents, null);
        Assert.All(split.Training, t => Assert.StartsWith(header, t.Text, StringComparison.Ordinal));
        Assert.All(split.HeldOut, h => Assert.StartsWith("\npublic class", h.Document.Text[h.Spans[0].Start..], StringComparison.Ordinal));
    }

    [Fact]
    public void RecentStretchesMoveWithTheText()
    {
        using TemporaryFolder folder = new();
        SourceDocument[] documents = History(folder);
        HeldOutSplit split = HeldOutSplitter.Split(documents, GitRepository.TryOpen(folder.Path));
        string[] recent = [.. split.Training.SelectMany(t => t.Recent.Select(r => t.Text[r.Start..r.End]))];
        Assert.NotEmpty(recent);
        Assert.All(recent, r => Assert.Contains(documents, d => d.Text.Contains(r, StringComparison.Ordinal)));
    }

    private static void ShareNothing(HeldOutSplit split)
    {
        HashSet<string> held = [.. split.HeldOut.SelectMany(h => h.Spans.SelectMany(s => Telling(h.Document.Text[s.Start..s.End])))];
        Assert.NotEmpty(held);
        Assert.All(split.Training, t => Assert.DoesNotContain(Telling(t.Text), held.Contains));
    }

    private static IEnumerable<string> Telling(string text) => text.Split('\n').Select(l => l.Trim()).Where(l => l.Count(char.IsLetterOrDigit) >= 12 && !l.StartsWith("namespace", StringComparison.Ordinal));

    private static SourceDocument[] Files(int count, int methods = 8) =>
        [.. Enumerable.Range(1, count).Select(i => Code.Document($"{i}.cs", Code.Class((ulong)i, methods)))];

    private static string LongMethod() =>
        "    public void Settle()\n    {\n" + string.Concat(Enumerable.Range(0, 14).Select(i => $"        ledger{i}.Post(account{i}, amount{i * 3}, Currency.Euro);\n")) + "    }\n";

    // A path that the hash puts behind all that are held out.
    private static string OtherThan(string path) =>
        Enumerable.Range(0, 1000).Select(i => $"copy{i}.cs").First(p => Hash(p).StartsWith('F') && p != path);

    private static string Hash(string path) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(path)));

    // Twenty files in ten commits, then one commit that adds methods inside a file and one that adds a file.
    private static SourceDocument[] History(TemporaryFolder folder)
    {
        Git(folder, "init", "-q");
        for (int i = 1; i <= 20; i++)
        {
            folder.File($"{i}.cs", Code.Class((ulong)i));
            if (i % 2 == 0)
                Commit(folder, $"files up to {i}");
        }

        string own = Code.Class(3);
        int at = own.IndexOf("    public int", own.Length / 2, StringComparison.Ordinal);
        string inserted = string.Concat(Enumerable.Range(0, 14).Select(i => Code.Method(333, i) + "\n"));
        folder.File("3.cs", own[..at] + inserted + own[at..]);
        Commit(folder, "methods");
        folder.File("new.cs", Code.Class(444));
        Commit(folder, "file");
        return [.. Directory.EnumerateFiles(folder.Path, "*.cs").Order(StringComparer.Ordinal).Select(f => Code.Document(Path.GetFileName(f), File.ReadAllText(f)))];
    }

    private static void Commit(TemporaryFolder folder, string message)
    {
        Git(folder, "add", "-A");
        Git(folder, "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-q", "-m", message);
    }

    private static void Git(TemporaryFolder folder, params string[] arguments)
    {
        ProcessStartInfo start = new("git", arguments) { WorkingDirectory = folder.Path, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }
}
