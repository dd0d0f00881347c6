using System.Text;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Tuning.Evaluation;
using CodeTuner.Workspace;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Tests.Evaluation;

public class SelectorTests
{
    private static readonly ByteTokenizer Tokenizer = new();

    [Fact]
    public void SpotsLieInHeldOutLinesAndSpellTheFile()
    {
        HeldOutDocument[] heldOut = [.. Enumerable.Range(1, 8).Select(i => Second(Code.Document($"{i}.cs", Code.Class((ulong)i))))];
        List<EvaluationSpot> spots = SpotSelector.Select(heldOut, 50);
        Assert.Equal(50, spots.Count);
        Assert.Equal(50, spots.DistinctBy(s => (s.Path, s.Line)).Count());
        foreach (EvaluationSpot spot in spots)
        {
            HeldOutDocument held = heldOut.Single(h => h.Document.Path == spot.Path);
            Assert.Equal(held.Document.Text, spot.Prefix + spot.Reference + spot.Suffix);
            Assert.True(held.Spans[0].Contains(spot.Prefix.Length));
            Assert.Equal(spot.Reference.Trim(), spot.Reference);
            Assert.Contains(spot.Reference, held.Document.Text.Split('\n')[spot.Line - 1], StringComparison.Ordinal);
            Assert.StartsWith("\n", spot.Suffix, StringComparison.Ordinal);
        }

        Assert.Contains(spots, s => string.IsNullOrWhiteSpace(s.Prefix.Split('\n')[^1]));
        Assert.Contains(spots, s => !string.IsNullOrWhiteSpace(s.Prefix.Split('\n')[^1]));
    }

    [Fact]
    public void SpotsAreSpreadOverTheFiles()
    {
        HeldOutDocument[] heldOut = [Whole(Code.Document("big.cs", Code.Class(1, 100))), .. Enumerable.Range(2, 9).Select(i => Whole(Code.Document($"{i}.cs", Code.Class((ulong)i))))];
        Assert.All(SpotSelector.Select(heldOut, 30).GroupBy(s => s.Path), g => Assert.Equal(3, g.Count()));
        Assert.All(SequenceSelector.Select(heldOut, Tokenizer, ByteTokenizer.Format, 512, 20).GroupBy(s => s.Path), g => Assert.Equal(2, g.Count()));
    }

    [Fact]
    public void SameCodeGivesTheSameSpots()
    {
        HeldOutDocument[] heldOut = [.. Enumerable.Range(1, 8).Select(i => Whole(Code.Document($"{i}.cs", Code.Class((ulong)i))))];
        Assert.Equal(SpotSelector.Select(heldOut, 20), SpotSelector.Select(heldOut, 20));
        Assert.NotEqual(SpotSelector.Select(heldOut, 20), SpotSelector.Select(heldOut, 20, seed: 8));
    }

    [Theory]
    [InlineData("a.cs", "\n   \n{\n}\n});\n// ---\nusing System.Text;\nusing static System.Math;\nnamespace Sample;\n", 0)]
    [InlineData("a.cs", "using var stream = Open(path);\r\n", 1)]
    [InlineData("a.py", "import numpy as np\nfrom os import path\n", 0)]
    [InlineData("a.py", "importance = weigh(sample)\n", 1)]
    [InlineData("a.ts", "import { readFile } from 'fs';\nconst fs = require('fs');\n", 0)]
    [InlineData("a.rs", "use std::io::Read;\npub use crate::parser;\n", 0)]
    [InlineData("a.go", "package parser\n", 0)]
    [InlineData("a.c", "#include <stdio.h>\n# include \"a.h\"\n", 0)]
    public void OnlyLinesWorthAskingForAreChosen(string path, string text, int spots) =>
        Assert.Equal(spots, SpotSelector.Select([Whole(Code.Document(path, text))], 10).Count);

    [Fact]
    public void SequencesCountEachHeldOutTokenOnceAndShowWhatStandsBefore()
    {
        HeldOutDocument[] heldOut = [.. Enumerable.Range(1, 4).Select(i => Second(Code.Document($"{i}.cs", Code.Class((ulong)i))))];
        List<HeldOutSequence> sequences = SequenceSelector.Select(heldOut, Tokenizer, ByteTokenizer.Format, 512, 1000);
        Assert.True(sequences.Count >= 24, $"{sequences.Count}");
        foreach (HeldOutDocument held in heldOut)
        {
            string text = held.Document.Text;
            int counted = 0;
            foreach (HeldOutSequence sequence in sequences.Where(s => s.Path == held.Document.Path))
            {
                Assert.InRange(sequence.Ids.Length, 2, 512);
                string spelt = Tokenizer.Decode(sequence.Ids), target = Tokenizer.Decode(sequence.Ids.AsSpan(sequence.FirstCounted));
                Assert.StartsWith($"<|file_sep|>{held.Document.Path}\n", spelt, StringComparison.Ordinal);
                int at = text.IndexOf(spelt[(spelt.IndexOf('\n', StringComparison.Ordinal) + 1)..], StringComparison.Ordinal);
                Assert.True(at >= 0, spelt);
                Assert.Equal(Encoding.UTF8.GetByteCount(target), sequence.Bytes);
                counted += sequence.Counted;
            }

            int all = held.Spans.Sum(s => Encoding.UTF8.GetByteCount(text.AsSpan(s.Start, s.Length)));
            Assert.InRange(counted, all - 3, all); // a rest of less than four tokens is no sequence
        }
    }

    [Fact]
    public void LittleCodeGivesEnoughSequencesForAnInterval()
    {
        SourceDocument document = Code.Document("a.cs", Code.Class(1, methods: 6));
        Assert.InRange(SequenceSelector.Select([Whole(document)], Tokenizer, ByteTokenizer.Format, 512, 100).Count, 20, 60);
    }

    [Fact]
    public void NothingHeldOutIsNothing()
    {
        Assert.Empty(SpotSelector.Select([], 10));
        Assert.Empty(SequenceSelector.Select([], Tokenizer, ByteTokenizer.Format, 512, 10));
    }

    private static HeldOutDocument Whole(SourceDocument document) => new(document, [new TextSpan(0, document.Text.Length)]);

    private static HeldOutDocument Second(SourceDocument document)
    {
        int half = document.Text.IndexOf('\n', document.Text.Length / 2) + 1;
        return new HeldOutDocument(document, [new TextSpan(half, document.Text.Length)]);
    }
}
