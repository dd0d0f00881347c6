using CodeTuner.Workspace.Duplicates;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Workspace.Tests.Duplicates;

public class NearDuplicateIndexTests
{
    [Theory]
    [InlineData("int a = 1; return a;", "int  a=1;\n\treturn a ;", 1.0)]
    [InlineData("a b c d e", "v w x y z", 0.0)]
    [InlineData("a b c d e f", "b c d e f g", 1 / 3.0)]
    [InlineData("a b c d", "a b c d", 0.0)]
    [InlineData("", "", 0.0)]
    public void JaccardCountsTokenShingles(string a, string b, double expected) =>
        Assert.Equal(expected, TokenShingles.Jaccard(TokenShingles.Of(a), TokenShingles.Of(b)), 12);

    [Fact]
    public void FindsTheNearestAndNamesIt()
    {
        string[] lines = [.. Enumerable.Range(0, 60).Select(i => $"total_{i} = compute(values[{i}], weight_{i})")];
        var index = new NearDuplicateIndex();
        index.Add("far.py", string.Join('\n', lines.Take(50).Concat(Enumerable.Range(0, 12).Select(i => $"other_{i}(x, y, {i})"))));
        index.Add("near.py", string.Join('\n', lines));
        index.Add("same-as-near.py", string.Join('\n', lines));
        lines[7] = "total_7 = -1";
        (string key, double similarity) = Assert.NotNull(index.FindNear(string.Join('\n', lines)));
        Assert.Equal("near.py", key);
        Assert.InRange(similarity, 0.9, 0.999);
        Assert.Null(index.FindNear("def unrelated(): return [1, 2, 3, 4, 5]"));
        Assert.Null(index.FindNear(""));
    }

    [Fact]
    public void AgreesWithComparingAllPairs()
    {
        // Documents are cut from a few templates and changed in places, so that similarities spread over the whole range.
        var random = new Random(5);
        string[][] templates = [.. Enumerable.Range(0, 6).Select(t => Enumerable.Range(0, 120).Select(i => $"t{t}_{i}").ToArray())];
        var documents = new List<string>();
        for (int d = 0; d < 300; d++)
        {
            string[] words = [.. templates[random.Next(templates.Length)]];
            int changes = random.Next(0, 25);
            for (int c = 0; c < changes; c++) words[random.Next(words.Length)] = $"w{random.Next(1000)}";
            documents.Add(string.Join(' ', words));
        }

        var index = new NearDuplicateIndex(0.7);
        uint[][] shingles = [.. documents.Select(d => TokenShingles.Of(d))];
        int found = 0;
        for (int d = 0; d < documents.Count; d++)
        {
            double best = Enumerable.Range(0, d).Select(e => TokenShingles.Jaccard(shingles[d], shingles[e])).DefaultIfEmpty().Max();
            (string Key, double Similarity)? near = index.FindNear(documents[d]);
            Assert.Equal(best >= 0.7 ? best : null, near?.Similarity);
            if (near is not null) found++;
            index.Add($"{d}", documents[d]);
        }

        Assert.InRange(found, 30, 290);
    }

    [Fact]
    public void SignaturesEstimateTheJaccardIndex()
    {
        Gen<int[]> sets = Gen.Choose(0, 400).ArrayOf(200);
        Prop.ForAll(sets.Zip(sets).ToArbitrary(), pair =>
        {
            uint[] a = Sorted(pair.Item1), b = Sorted(pair.Item2);
            double exact = TokenShingles.Jaccard(a, b);
            double estimate = MinHash.Estimate(MinHash.Signature(a), MinHash.Signature(b));
            // Five standard errors.
            return Math.Abs(exact - estimate) <= 5 * Math.Sqrt(exact * (1 - exact) / MinHash.Functions) + 0.02;
        }).QuickCheckThrowOnFailure();

        static uint[] Sorted(int[] values) => [.. values.Select(v => (uint)TokenShingles.Mix((ulong)v + 1)).Distinct().Order()];
    }

    [Fact]
    public void HashesAreTheSameInEveryProcess()
    {
        // Worked out apart from this code, in another language: results must not depend on the process or the machine.
        TextFingerprint fingerprint = NearDuplicateIndex.Fingerprint("for (int i = 0; i < n; i++) sum += a[i];");
        Assert.Equal((82173869u, 373341381u, 380843799u), (fingerprint.Shingles[0], fingerprint.Signature[0], fingerprint.Signature[127]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void RefusesAThresholdThatMeansNothing(double threshold) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new NearDuplicateIndex(threshold));

    [Fact]
    public async Task ManyFilesOfOneTemplateStayFast()
    {
        var index = new NearDuplicateIndex();
        string shared = string.Join(' ', Enumerable.Range(0, 60).Select(i => $"shared_{i}"));
        await Task.Run(() =>
        {
            for (int d = 0; d < 5000; d++)
            {
                string text = shared + ' ' + string.Join(' ', Enumerable.Range(0, 60).Select(i => $"own_{d}_{i}"));
                Assert.Null(index.FindNear(text));
                index.Add($"{d}", text);
            }
        }).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
