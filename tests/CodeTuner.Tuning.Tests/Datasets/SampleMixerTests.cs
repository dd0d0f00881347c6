using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tuning.Datasets;

namespace CodeTuner.Tuning.Tests.Datasets;

public class SampleMixerTests
{
    private const int RowLength = 400;

    private static readonly ByteTokenizer Tokenizer = new();
    private static readonly FimFormat Format = ByteTokenizer.Format;

    [Fact]
    public void SharesAreThoseAskedFor()
    {
        // Each file has one that is alike, so that something is found to show.
        TrainingDocument[] documents = [.. Documents(100), .. Documents(100).Select(d => d with { Path = "like/" + d.Path })];
        List<TrainingSample> samples = Mixer(documents, [[65, 66]]).Pass(1);
        double Share(SampleKind kind) => (double)samples.Count(s => s.Kind == kind) / samples.Count;
        Assert.InRange(samples.Count, 100, 400);
        Assert.Equal(0.20, Share(SampleKind.LeftToRight), 0.01);
        Assert.Equal(0.10, Share(SampleKind.Replay), 0.01);
        Assert.Equal(0.10, Share(SampleKind.Retrieval), 0.01);
        Assert.Equal(0.60, Share(SampleKind.FillInTheMiddle), 0.01);
    }

    [Fact]
    public void WithoutReplayTheOthersShareItsPart()
    {
        List<TrainingSample> samples = Mixer(Documents(200), []).Pass(1);
        Assert.DoesNotContain(samples, s => s.Kind == SampleKind.Replay);
        Assert.Equal(0.20 / 0.90, (double)samples.Count(s => s.Kind == SampleKind.LeftToRight) / samples.Count, 0.01);
    }

    [Fact]
    public void SameSeedGivesTheSameSamplesAndAnotherOthers()
    {
        SampleMixer mixer = Mixer(Documents(10), [[65, 66]]);
        Assert.Equal(Spelt(mixer.Pass(7)), Spelt(Mixer(Documents(10), [[65, 66]]).Pass(7)));
        Assert.NotEqual(Spelt(mixer.Pass(7)), Spelt(mixer.Pass(8)));
    }

    [Fact]
    public void EverySampleFitsAndSaysWhatTheFileSays()
    {
        TrainingDocument[] documents = Documents(30);
        foreach (TrainingSample sample in Mixer(documents, [[65, 66]]).Pass(3).Where(s => s.Kind != SampleKind.Replay))
        {
            Assert.InRange(sample.Ids.Length, 2, RowLength);
            Assert.InRange(sample.FirstCounted, 1, sample.Ids.Length - 1);
            string text = Tokenizer.Decode(sample.Ids);
            TrainingDocument document = documents.Single(d => text[..text.IndexOf("\n", LastFile(text), StringComparison.Ordinal)].EndsWith("<|file_sep|>" + d.Path, StringComparison.Ordinal));
            string own = text[(text.IndexOf('\n', LastFile(text)) + 1)..];
            bool ends = own.EndsWith("<|endoftext|>", StringComparison.Ordinal);
            if (ends)
                own = own[..^"<|endoftext|>".Length];
            if (sample.Kind == SampleKind.LeftToRight)
            {
                Assert.Contains(own, document.Text, StringComparison.Ordinal);
                Assert.Equal(ends, document.Text.EndsWith(own, StringComparison.Ordinal) && sample.Ids[^1] == Format.EndOfText);
                continue;
            }

            // The loss counts the middle and the token that ends it, and nothing else.
            Assert.Equal(Format.Middle, sample.Ids[sample.FirstCounted - 1]);
            string[] parts = own.Split((string[])["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"], StringSplitOptions.None);
            Assert.Equal("", parts[0]);
            Assert.Contains(parts[1] + parts[3] + (ends ? parts[2] : ""), document.Text, StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace(parts[3]));
        }
    }

    [Fact]
    public void RetrievedPiecesAreOfOtherFilesAndStandBefore()
    {
        // The second file uses the first one's names; the third none of them.
        string shared = Code.Class(1);
        TrainingDocument[] documents =
        [
            Code.Training("a.cs", shared), Code.Training("b.cs", shared.Replace("int ", "long ", StringComparison.Ordinal)), Code.Training("c.cs", Code.Class(2)),
        ];
        List<TrainingSample> samples = Mixer(documents, [], new DataMix { LeftToRight = 0, Replay = 0, Retrieval = 1 }, rowLength: 2000).Pass(5);
        List<TrainingSample> retrieved = [.. samples.Where(s => s.Kind == SampleKind.Retrieval)];
        Assert.NotEmpty(retrieved);
        foreach (TrainingSample sample in retrieved)
        {
            string text = Tokenizer.Decode(sample.Ids);
            Assert.StartsWith("<|repo_name|>shop\n<|file_sep|>", text, StringComparison.Ordinal);
            string[] paths = [.. text.Split("<|file_sep|>").Skip(1).Select(f => f.Split('\n')[0])];
            Assert.Equal(paths.Length, paths.Distinct().Count());
            if (paths[^1] != "c.cs")
                Assert.Equal(paths[^1] == "a.cs" ? "b.cs" : "a.cs", paths[^2]);
        }
    }

    [Fact]
    public void BaseWithoutFileSeparatorGetsNoOtherFiles()
    {
        SampleMixer mixer = new(Tokenizer, Format with { FileSeparator = null, RepositoryName = null }, "shop", Documents(20), [], new DataMix(), RowLength);
        List<TrainingSample> samples = mixer.Pass(1);
        Assert.DoesNotContain(samples, s => s.Kind == SampleKind.Retrieval);
        Assert.All(samples.Where(s => s.Kind == SampleKind.FillInTheMiddle), s => Assert.Equal(Format.Prefix, s.Ids[0]));
    }

    [Fact]
    public void NoTargetReachesAcrossASeam()
    {
        string text = string.Concat(Enumerable.Range(0, 60).Select(i => $"left{i}(x);\n")) + string.Concat(Enumerable.Range(0, 60).Select(i => $"right{i}(y);\n"));
        TrainingDocument document = Code.Training("a.cs", text) with { Seams = [text.IndexOf("right0", StringComparison.Ordinal)] };
        SampleMixer mixer = Mixer([document], []);
        int counted = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            foreach (TrainingSample sample in mixer.Pass(seed))
            {
                string target = Tokenizer.Decode(sample.Ids.AsSpan(sample.FirstCounted), skipSpecial: true);
                Assert.False(target.Contains("left", StringComparison.Ordinal) && target.Contains("right", StringComparison.Ordinal), target);
                counted++;
            }
        }

        Assert.True(counted >= 200);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void GapsBeginLinesAboveAsOftenAsAskedFor(double share)
    {
        string text = string.Concat(Enumerable.Range(0, 200).Select(i => $"name{i}(x);\n"));
        DataMix mix = new() { LeftToRight = 0, Retrieval = 0, Replay = 0, Syntactic = 1, LinesAbove = share };
        SampleMixer mixer = Mixer([Code.Training("a.cs", text)], [], mix);
        int above = 0, all = 0;
        for (ulong seed = 0; seed < 60; seed++)
        {
            foreach (TrainingSample sample in mixer.Pass(seed))
            {
                string target = Tokenizer.Decode(sample.Ids.AsSpan(sample.FirstCounted), skipSpecial: true);
                Assert.StartsWith("name", target, StringComparison.Ordinal);
                Assert.InRange(target.Count(c => c == '\n'), 0, GapStart.MostLines);
                above += target.Contains('\n', StringComparison.Ordinal) ? 1 : 0;
                all++;
            }
        }

        Assert.InRange((double)above / all, share * 0.9, share);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("\n\n")]
    [InlineData("😀😀😀😀😀😀😀😀")]
    public void TinyDocumentsDoNoHarm(string text) => Assert.All(Mixer([Code.Training("a.cs", text + " ")], []).Pass(1), s => Assert.InRange(s.Ids.Length, 1, RowLength));

    [Fact]
    public void PairsAreNotTornApart()
    {
        string text = string.Concat(Enumerable.Repeat("x = '😀😁😂';\n", 60));
        SampleMixer mixer = Mixer([Code.Training("a.py", text)], []);
        for (ulong seed = 0; seed < 100; seed++)
            Assert.All(mixer.Pass(seed).Where(s => s.Ids.Length < RowLength), s => Assert.DoesNotContain('\uFFFD', Tokenizer.Decode(s.Ids.AsSpan(s.FirstCounted))));
    }

    [Theory]
    [InlineData(-0.1, 0.1, 0.1, "leftToRight")]
    [InlineData(0.5, 0.4, 0.2, "exceed 1")]
    [InlineData(0, 0, 1, "all replay")]
    [InlineData(double.NaN, 0, 0, "leftToRight")]
    public void SharesThatAreNoneAreRefused(double leftToRight, double retrieval, double replay, string says)
    {
        DataMix mix = new() { LeftToRight = leftToRight, Retrieval = retrieval, Replay = replay };
        Assert.Contains(says, Assert.Throws<TuningException>(() => Mixer(Documents(1), [], mix)).Message, StringComparison.Ordinal);
    }

    private static int LastFile(string text) => text.LastIndexOf("<|file_sep|>", StringComparison.Ordinal);

    private static TrainingDocument[] Documents(int count) => [.. Enumerable.Range(1, count).Select(i => Code.Training($"src/{i}.cs", Code.Class((ulong)i)))];

    private static SampleMixer Mixer(TrainingDocument[] documents, int[][] replay, DataMix? mix = null, int rowLength = RowLength) =>
        new(Tokenizer, Format, "shop", documents, replay, mix ?? new DataMix(), rowLength);

    private static IEnumerable<string> Spelt(List<TrainingSample> samples) => samples.Select(s => $"{s.Kind} {s.FirstCounted} {string.Join(' ', s.Ids)}");
}
