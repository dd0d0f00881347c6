using CodeTuner.Assist.Statistics;
using CodeTuner.Assist.Tests.Fakes;
using CodeTuner.Tests;

namespace CodeTuner.Assist.Tests.Statistics;

public class CompletionStatisticsTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void Looks_after_a_while_whether_it_is_still_there()
    {
        CompletionStatistics statistics = new(null, time);
        statistics.Accepted("a.cs", "x = Foo(alpha);", 4, 11);
        statistics.CheckRetention(_ => throw new InvalidOperationException("Too early."));
        (int After, string? Text)[] checks = [(30, "y;\nx = Foo(alpha);"), (90, "x = Foo(alpine);"), (180, "x = 1;"), (300, null)];
        foreach ((int after, string? text) in checks)
        {
            time.Advance(after * 1000);
            statistics.CheckRetention(path => path == "a.cs" ? text : "wrong");
        }

        Assert.Equal([(30, 1, 1), (120, 1, 1), (300, 0, 1), (600, 0, 0)], Retention(statistics));
        time.Advance(1_000_000);
        statistics.CheckRetention(_ => throw new InvalidOperationException("Nothing is left to look for."));
    }

    [Fact]
    public void A_late_look_counts_for_the_last_time_that_has_passed()
    {
        CompletionStatistics statistics = new(null, time);
        statistics.Accepted("a.cs", "Foo();", 0, 6);
        time.Advance(400_000);
        statistics.CheckRetention(_ => "Foo();");
        Assert.Equal([(30, 0, 0), (120, 0, 0), (300, 1, 1), (600, 0, 0)], Retention(statistics));
    }

    [Fact]
    public void Comes_back_from_its_file_with_numbers_alone()
    {
        using TemporaryFolder folder = new();
        CompletionStatistics statistics = new(folder.Path, time);
        statistics.Shown(fromCache: true);
        statistics.Shown(fromCache: false);
        statistics.Answered(TimeSpan.FromMilliseconds(80));
        statistics.Accepted("secret-path.cs", "let secretCode = 1", 4, 10);
        statistics.Save();
        string file = File.ReadAllText(Assert.Single(Directory.GetFiles(folder.Path)));
        Assert.DoesNotContain("secret", file, StringComparison.OrdinalIgnoreCase);

        CompletionCounts counts = new CompletionStatistics(folder.Path, time).Counts;
        Assert.Equal((2, 1, 1, 10), (counts.Shown, counts.ShownFromCache, counts.Accepted, counts.CharactersAccepted));
        Assert.Equal(1, counts.Latency.Count());
        Assert.Equal(time.GetUtcNow(), counts.Since);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"shown\":-1}")]
    [InlineData("{\"retention\":[null]}")]
    [InlineData("{\"latency\":{\"counts\":[1,2]}}")]
    [InlineData("{\"latency\":null}")]
    public void Begins_anew_where_its_file_is_damaged(string content)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, "completion-statistics.json"), content);
        CompletionStatistics statistics = new(folder.Path, time);
        statistics.Shown(fromCache: false);
        statistics.Save();
        Assert.Equal(1, new CompletionStatistics(folder.Path, time).Counts.Shown);
    }

    [Fact]
    public void Parts_of_an_accepted_whole_count_once()
    {
        CompletionStatistics statistics = new(null, time);
        statistics.PartiallyAccepted(4, isFirst: true);
        statistics.PartiallyAccepted(2, isFirst: false);
        Assert.Equal((0, 1, 6), Accepted());
        statistics.Accepted("a.cs", "0123456789", 0, 10, charactersBefore: 6);
        Assert.Equal((1, 0, 10), Accepted());

        (long, long, long) Accepted() => (statistics.Counts.Accepted, statistics.Counts.PartiallyAccepted, statistics.Counts.CharactersAccepted);
    }

    [Fact]
    public void Tells_quantiles_within_a_tenth()
    {
        LatencyHistogram histogram = new();
        Assert.Null(histogram.Quantile(0.5));
        for (int i = 1; i <= 1000; i++)
            histogram.Add(TimeSpan.FromMilliseconds(i));
        Assert.InRange(histogram.Quantile(0.5)!.Value, 450, 550);
        Assert.InRange(histogram.Quantile(0.95)!.Value, 855, 1045);
        histogram.Add(TimeSpan.Zero);
        histogram.Add(TimeSpan.FromDays(1));
        Assert.Equal(1, histogram.Quantile(0));
        Assert.Equal(1002, histogram.Count());
    }

    [Theory]
    [InlineData("a[Foo(b);]c", "aFoo(b);c", 1)]
    [InlineData("a[Foo(b);]c", "new line\naFoo(b);c", 1)]
    [InlineData("a[Foo(b);]c", "aFoo(b);c and more", 1)]
    [InlineData("a[Foo(b);]c", "a Foo(b);  c", 1)]
    [InlineData("a[Foo(b);]c", "new aFoo(b);c new", 1)]
    [InlineData("a[0123456789]c", "a01234x6789c", 0.9)]
    [InlineData("a[0123456789]c", "a01234c", 0.5)]
    [InlineData("a[0123456789]c", "ac", 0)]
    [InlineData("[0123456789]", "", 0)]
    public void Compares_what_stands_in_its_place(string marked, string now, double expected)
    {
        int start = marked.IndexOf('[', StringComparison.Ordinal), end = marked.IndexOf(']', StringComparison.Ordinal) - 1;
        string before = marked.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        Assert.Equal(expected, TextRetention.Share(before, start, end - start, now), 6);
    }

    private static (int, long, long)[] Retention(CompletionStatistics statistics) => [.. statistics.Counts.Retention.Select(r => (r.Seconds, r.Kept, r.Of))];
}
