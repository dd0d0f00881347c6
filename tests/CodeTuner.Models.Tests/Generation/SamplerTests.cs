using CodeTuner.Models.Generation;

namespace CodeTuner.Models.Tests.Generation;

public class SamplerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(33)]
    [InlineData(1000)]
    [InlineData(100_003)]
    public void Greedy_takes_the_largest_and_gives_its_log_probability(int vocabulary)
    {
        Random random = new(vocabulary);
        float[] logits = [.. Enumerable.Range(0, vocabulary).Select(_ => (float)((30 * random.NextDouble()) - 40))];
        foreach (int best in new[] { 0, vocabulary / 2, vocabulary - 1 })
        {
            float before = logits[best];
            logits[best] = -5;
            (int token, float logProbability) = new Sampler(new GenerationOptions()).Draw(logits);
            Assert.Equal(best, token);
            Assert.Equal(-Math.Log(logits.Sum(l => Math.Exp(l + 5.0))), logProbability, 1e-5);
            logits[best] = before;
        }
    }

    [Fact]
    public void Of_equals_the_first_is_taken()
    {
        float[] logits = new float[100];
        (logits[41], logits[77], logits[99]) = (2, 2, 2);
        Assert.Equal(41, new Sampler(new GenerationOptions()).Draw(logits).Token);
    }

    [Fact]
    public void What_cannot_be_is_left_out()
    {
        float[] logits = new float[37];
        Array.Fill(logits, float.NegativeInfinity);
        (logits[3], logits[36]) = (1, 1);
        (int token, float logProbability) = new Sampler(new GenerationOptions()).Draw(logits);
        Assert.Equal(3, token);
        Assert.Equal(-Math.Log(2), logProbability, 1e-6);
    }
}
