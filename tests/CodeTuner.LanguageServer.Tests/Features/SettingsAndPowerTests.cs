using System.Text.Json;
using CodeTuner.LanguageServer.Features.Hover;
using CodeTuner.LanguageServer.Features.Tuning;
using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.Tests;
using CodeTuner.Tuning;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.LanguageServer.Tests.Features;

public class SettingsAndPowerTests
{
    [Theory]
    [InlineData("{}", 10, 512, 75, true)]
    [InlineData("""{"tune":{"minutes":3}}""", 3, 512, 75, true)]
    [InlineData("""{"tune":{"rowLength":128,"unknown":1},"completion":{"debounce":0},"hover":{"enabled":false}}""", 10, 128, 0, false)]
    public void ASettingThatIsMissingHasItsDefault(string json, double minutes, int row, int debounce, bool hover)
    {
        ServerSettings settings = JsonSerializer.Deserialize(json, SettingsJsonContext.Default.ServerSettings)!;
        Assert.Equal((minutes, row, debounce, hover), (settings.Tune.Minutes, settings.Tune.RowLength, settings.Completion.Debounce, settings.Hover.Enabled));
        Assert.Equal("", settings.Model);
        Assert.Empty(settings.Tune.Exclude);
    }

    [Theory]
    [InlineData("""{"*":false}""", "python", false)]
    [InlineData("""{"*":false,"python":true}""", "python", true)]
    [InlineData("""{"python":false}""", "go", true)]
    public void CompletionIsOnByLanguage(string languages, string language, bool on)
    {
        ServerSettings settings = JsonSerializer.Deserialize($$"""{"completion":{"languages":{{languages}} } }""", SettingsJsonContext.Default.ServerSettings)!;
        Assert.Equal(on, settings.Completion.IsOn(language));
    }

    [Theory]
    [InlineData("Mains:online=0 Battery:status=Discharging", true)]
    [InlineData("Mains:online=1 Battery:status=Discharging", false)]
    [InlineData("Battery:status=Charging", false)]
    [InlineData("Battery:status=Discharging,scope=Device", false)]
    [InlineData("", false)]
    public void ReadsThePowerSupplyOfLinux(string supplies, bool onBattery)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using TemporaryFolder folder = new();
        foreach ((string supply, int i) in supplies.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((s, i) => (s, i)))
        {
            string[] parts = supply.Split(':', ',');
            folder.File($"{i}/type", parts[0] + "\n");
            foreach (string part in parts[1..])
                folder.File($"{i}/{part.Split('=')[0]}", part.Split('=')[1] + "\n");
        }

        Assert.Equal(onBattery, new PowerSupply(folder.Path).IsOnBattery);
    }

    [Fact]
    public void TheBarNeverGoesBackAndSaysWhatIsLeft()
    {
        TuneClock clock = new();
        TuneStatus status = new(TunePhaseName.Scanning, false, 0);
        List<double> shares = [];
        foreach (TuneProgress progress in (TuneProgress[])[
            new(TunePhase.Scanning, 0.5), new(TunePhase.Preparing, 0), new(TunePhase.Preparing, 1),
            new(TunePhase.Training, 0.5, new TrainingProgress(5, 10, 2, null, 1e-3, 1, 3000, TimeSpan.FromSeconds(60))), new(TunePhase.Evaluating, 0), new(TunePhase.Evaluating, 1)])
        {
            status = clock.Status(progress, status);
            shares.Add(status.Progress);
            if (progress.Training is not null)
            {
                Assert.Equal("step 5 of 10, 2 min left", TuneWords.Of(status));
                Assert.Equal("step 5 of 10, paused", TuneWords.Of(status with { Paused = true }));
            }
        }

        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
    }

    [Theory]
    [InlineData("plain words", "plain words")]
    [InlineData("![x](http://a) <img>", @"\!\[x\]\(http://a\) \<img\>")]
    [InlineData("a_b*c`d", @"a\_b\*c\`d")]
    public void AModelsWordsAreNoMarkdown(string text, string escaped) => Assert.Equal(escaped, Markdown.Escape(text));
}
