using CodeTuner.Models;
using CodeTuner.Tuning.Evaluation;

namespace CodeTuner.Tuning.Tests.Evaluation;

public class BootstrapTests
{
    [Fact]
    public void IntervalIsThatOfTheNormalApproximation()
    {
        double[] values = Noise(400, seed: 5);
        Interval interval = Bootstrap.Mean(values);
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length / values.Length);
        Assert.Equal(mean, interval.Value, 12);
        Assert.Equal(mean - (1.96 * error), interval.Low, error * 0.2);
        Assert.Equal(mean + (1.96 * error), interval.High, error * 0.2);
    }

    [Fact]
    public void HoldsTheTrueMeanAboutNineteenTimesInTwenty()
    {
        int held = 0;
        for (ulong seed = 1; seed <= 200; seed++)
        {
            Interval interval = Bootstrap.Mean(Noise(40, seed), seed);
            if (interval.Low <= 0.5 && interval.High >= 0.5)
                held++;
        }

        Assert.InRange(held, 180, 199);
    }

    [Fact]
    public void SameSeedGivesTheSameInterval()
    {
        double[] values = Noise(30, seed: 2);
        Assert.Equal(Bootstrap.Mean(values, seed: 3), Bootstrap.Mean(values, seed: 3));
        Assert.NotEqual(Bootstrap.Mean(values, seed: 3), Bootstrap.Mean(values, seed: 4));
    }

    [Fact]
    public void RatioIsOfSumsNotOfRatios()
    {
        Interval interval = Bootstrap.Ratio([10, 1], [10, 100]);
        Assert.Equal(11.0 / 110, interval.Value, 12);
        Assert.Equal(0.01, interval.Low, 12);
        Assert.Equal(1, interval.High, 12);
    }

    [Fact]
    public void PairsAreDrawnTogether() => Assert.Equal(new Interval(2, 2, 2), Bootstrap.Ratio([2, 20, 200], [1, 10, 100]));

    [Fact]
    public void NothingIsZero() => Assert.Equal(new Interval(0, 0, 0), Bootstrap.Mean([]));

    [Fact]
    public void UnpairedIsRefused() => Assert.Throws<ArgumentException>(() => Bootstrap.Ratio([1, 2], [1]));

    private static double[] Noise(int count, ulong seed)
    {
        RandomSequence random = new(RandomSequence.Combine(seed, 77));
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];
    }
}
