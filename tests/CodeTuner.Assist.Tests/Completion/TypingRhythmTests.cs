using CodeTuner.Assist.Completion;
using CodeTuner.Assist.Tests.Fakes;

namespace CodeTuner.Assist.Tests.Completion;

public class TypingRhythmTests
{
    [Theory]
    [InlineData(20, 75)] // nobody waits less
    [InlineData(100, 120)]
    [InlineData(250, 300)]
    [InlineData(600, 400)] // nor more
    [InlineData(3000, 150)] // thinking is no rhythm
    public void Follows_the_users_own(int gap, int expected)
    {
        ManualTime time = new();
        TypingRhythm rhythm = new(time);
        Assert.Equal(150, rhythm.Delay.TotalMilliseconds);
        for (int i = 0; i < 40; i++)
        {
            rhythm.KeyTyped();
            time.Advance(gap);
        }

        Assert.Equal(expected, rhythm.Delay.TotalMilliseconds, 6);
    }

    [Fact]
    public void Forgets_an_old_rhythm()
    {
        ManualTime time = new();
        TypingRhythm rhythm = new(time);
        foreach (int gap in Enumerable.Repeat(300, 40).Concat(Enumerable.Repeat(80, 40)))
        {
            rhythm.KeyTyped();
            time.Advance(gap);
        }

        Assert.Equal(96, rhythm.Delay.TotalMilliseconds, 6);
    }

    [Theory]
    [InlineData(200, 200)]
    [InlineData(0, 150)]
    [InlineData(5000, 400)]
    public void Waits_at_least_as_long_as_asked(int least, int expected) =>
        Assert.Equal(expected, new TypingRhythm(new ManualTime(), TimeSpan.FromMilliseconds(least)).Delay.TotalMilliseconds);
}
