using CodeTuner.Models;
using CodeTuner.Tuning.Evaluation;

namespace CodeTuner.Tuning.Tests.Evaluation;

public class BootstrapTests
{
    [Fact]
    public void The_interval_of_a_mean_has_the_width_that_theory_gives()
    {
        GaussianSequence gaussian = new(5);
        double[] values = [.. Enumerable.Range(0, 400).Select(_ => 3 + gaussian.Next())];
        Interval interval = Bootstrap.Mean(values);
        Assert.Equal(values.Average(), interval.Value, 1e-9);
        Assert.InRange(interval.High - interval.Low, 0.85 * 2 * 1.96 / 20, 1.15 * 2 * 1.96 / 20);
    }

    [Fact]
    public void Pairs_are_drawn_together()
    {
        // Numerators are twice their denominators: whatever is drawn, the ratio is 2.
        Interval interval = Bootstrap.Ratio([2, 20, 200], [1, 10, 100]);
        Assert.Equal(new Interval(2, 2, 2), interval);
    }

    [Fact]
    public void Nothing_has_no_value() => Assert.Equal(new Interval(0, 0, 0), Bootstrap.Mean([]));

    [Fact]
    public void The_same_seed_gives_the_same_interval() =>
        Assert.Equal(Bootstrap.Mean([1, 5, 2, 8, 4], 3), Bootstrap.Mean([1, 5, 2, 8, 4], 3));
}
