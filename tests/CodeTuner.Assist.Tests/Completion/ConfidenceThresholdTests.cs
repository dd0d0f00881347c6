using CodeTuner.Assist.Completion;
using CodeTuner.Tests;

namespace CodeTuner.Assist.Tests.Completion;

public class ConfidenceThresholdTests
{
    [Fact]
    public void Begins_by_showing_all_but_guesses()
    {
        ConfidenceThreshold threshold = new();
        Assert.True(threshold.Shows(-2.9));
        Assert.False(threshold.Shows(-9));
    }

    [Fact]
    public void Rises_where_nothing_is_accepted_and_falls_where_it_is()
    {
        ConfidenceThreshold threshold = new();
        for (int i = 0; i < 120; i++)
        {
            threshold.Answered(i % 3 == 0 ? -2.2 : -0.1);
            if (i % 3 == 0)
                threshold.Learn(-2.2, accepted: false);
            else
                threshold.Learn(-0.1, accepted: true);
        }

        Assert.False(threshold.Shows(-2.2));
        Assert.True(threshold.Shows(-0.1));

        // What was turned down is tried again after a while.
        for (int i = 0; i < 400; i++)
            threshold.Learn(-0.1, accepted: true);
        Assert.True(threshold.Shows(-2.2));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(-1.1)]
    [InlineData(-3.5)]
    public void Never_hides_all_there_is(double confidence)
    {
        ConfidenceThreshold threshold = new();
        for (int i = 0; i < 1000; i++)
        {
            threshold.Answered(confidence);
            threshold.Learn(confidence, accepted: false);
        }

        Assert.True(threshold.Shows(confidence));
    }

    [Fact]
    public void Comes_back_from_its_file()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "threshold.json");
        ConfidenceThreshold threshold = new();
        for (int i = 0; i < 100; i++)
        {
            threshold.Answered(i % 2 == 0 ? -2.2 : -0.6);
            threshold.Learn(-2.2, accepted: false);
        }

        threshold.Save(path);
        Assert.NotEqual(new ConfidenceThreshold().Value, threshold.Value);
        Assert.Equal(threshold.Value, ConfidenceThreshold.Load(path).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"seen\":[1]}")]
    [InlineData("{\"seen\":null}")]
    [InlineData("{\"answered\":[0,0,0,0,0,0,0,0,0,0,-5]}")]
    [InlineData("not json")]
    public void Begins_anew_where_its_file_is_damaged(string content)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "threshold.json");
        File.WriteAllText(path, content);
        Assert.Equal(new ConfidenceThreshold().Value, ConfidenceThreshold.Load(path).Value);
        Assert.Equal(new ConfidenceThreshold().Value, ConfidenceThreshold.Load(Path.Combine(folder.Path, "missing.json")).Value);
    }
}
