using CodeTuner.LanguageServer.Features.Tuning;
using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.LanguageServer.Serving;
using CodeTuner.Models.Architectures;
using CodeTuner.Tensors.Ggml;
using CodeTuner.Tests;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning;

namespace CodeTuner.LanguageServer.Tests.Features;

/// <summary>When a graphics card is used, given back, and given up.</summary>
public class CardTests
{
    private const long Gigabyte = 1L << 30;
    private static readonly ModelConfig Embedded = ModelConfig.LoadFrom(Path.Combine(Repository.Root, "models", "codetuner-10m"));

    [Theory]
    [InlineData(8, 8, false)]
    [InlineData(1, 8, false)]
    [InlineData(0.2, 8, true)]
    [InlineData(0, 8, true)]
    [InlineData(0, 0, false)] // a driver that does not tell
    public void ATuneYieldsWhereAnotherProgramTakesTheMemory(double free, double total, bool yields) =>
        Assert.Equal(yields, Guard(() => new GgmlMemory((long)(free * Gigabyte), (long)(total * Gigabyte))).ShouldYield);

    [Theory]
    [InlineData(4, 2, true)]
    [InlineData(2.2, 2, false)]
    public void ItComesBackOnlyWhereThereIsRoom(double free, double held, bool room) =>
        Assert.Equal(room, Guard(() => new GgmlMemory((long)(free * Gigabyte), 8 * Gigabyte)).HasRoomFor((long)(held * Gigabyte)));

    [Fact]
    public async Task ItEndsAtItsStepAndGoesOnWhenThereIsRoom()
    {
        long free = 8 * Gigabyte;
        int released = 0, ended = 0;
        using CardTurn turn = new(
            Guard(() => new GgmlMemory(Interlocked.Read(ref free), 8 * Gigabyte)), "card", () => Gigabyte, () => released++, _ => { }, () => ended++, TimeSpan.FromMilliseconds(20));
        turn.Look();
        Assert.Equal((0, 0, false), (released, ended, turn.HasYielded));
        free = 0;
        turn.Look();
        Assert.Equal((1, 1, true), (released, ended, turn.HasYielded));

        TaskCompletionSource goneOn = new();
        turn.WhenThereIsRoom(() => goneOn.TrySetResult());
        await Task.Delay(100);
        Assert.False(goneOn.Task.IsCompleted);
        Interlocked.Exchange(ref free, 4 * Gigabyte);
        await goneOn.Task.WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task WhatIsNotNeededIsGivenBackFirst()
    {
        long free = 0;
        bool ended = false;
        using CardTurn turn = new(Guard(() => new GgmlMemory(free, 8 * Gigabyte)), "card", () => 0, () => free = Gigabyte, _ => { }, () => ended = true);
        turn.Look();
        Assert.False(ended);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task ItHoldsStillOnBatteryAndGoesOnOnMains()
    {
        bool battery = true;
        TaskCompletionSource goneOn = new();
        List<bool> held = [];
        using CardTurn turn = new(
            Guard(onBattery: () => Volatile.Read(ref battery)), "card", () => 0, () => { }, hold =>
            {
                lock (held)
                    held.Add(hold);
                if (!hold)
                    goneOn.TrySetResult();
            }, () => { }, TimeSpan.FromMilliseconds(20));
        turn.Look();
        await Task.Delay(100);
        Assert.Equal([true], held);
        Volatile.Write(ref battery, false);
        await goneOn.Task.WaitAsync(TestClient.Patience);
        Assert.Equal([true, false], held);
    }

    [Fact]
    public void WhoResumesByHandIsNotPausedAgain()
    {
        int held = 0;
        using CardTurn turn = new(Guard(onBattery: () => true), "card", () => 0, () => { }, _ => held++, () => { });
        turn.UserDecided();
        turn.Look();
        Assert.Equal(0, held);
    }

    [Fact]
    public async Task SilenceIsNoticedButNotWhileTheWorkIsHeld()
    {
        bool held = true;
        using SignsOfLife life = new(() => Volatile.Read(ref held), TimeSpan.FromMilliseconds(200));
        await Task.Delay(600);
        Assert.False(life.Silent.IsCompleted);
        life.Heard();
        Volatile.Write(ref held, false);
        await life.Silent.WaitAsync(TestClient.Patience);
    }

    [Fact]
    public void ACardThatFailedIsNotAskedAgainAndTheUserHearsOfItOnce()
    {
        List<string> asked = [], told = [];
        CardUse cards = new(() => new ServerSettings { Device = "Vulkan0" }, name =>
        {
            asked.Add(name);
            return ComputeDevice.Choose(ComputeDevice.Processor);
        }, () => null);
        cards.GivenUp += told.Add;
        cards.ForTuning();
        cards.GiveUp("Vulkan0 was lost.");
        cards.GiveUp("Vulkan0 was lost again.");
        cards.ForTuning();
        cards.ForServing(Embedded);
        Assert.Equal(["Vulkan0", "cpu", "cpu"], asked);
        Assert.StartsWith("Vulkan0 was lost. The processor", Assert.Single(told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto", "cpu")] // small models answer sooner from the processor
    [InlineData("", "cpu")]
    [InlineData("cpu", "cpu")]
    [InlineData("Vulkan0", "Vulkan0")]
    public void AModelIsServedFromWhereItIsFastest(string setting, string expected)
    {
        string? asked = null;
        new CardUse(() => new ServerSettings { Device = setting }, name =>
        {
            asked = name;
            return ComputeDevice.Choose(ComputeDevice.Processor);
        }, () => null).ForServing(Embedded);
        Assert.Equal(expected, asked);
    }

    [Fact]
    public void ServingGoesOnWhereTheNamedCardIsNotThere()
    {
        CardUse cards = new(() => new ServerSettings { Device = "Vulkan7" }, name =>
            name == "cpu" ? ComputeDevice.Choose(name) : throw new TuningException("There is no device Vulkan7."), () => null);
        Assert.Null(cards.ForServing(Embedded).Card);
        Assert.Throws<TuningException>(cards.ForTuning);
    }

    [Fact]
    public void ADriverThatCrashesIsLeftAlone()
    {
        string? told = null;
        CardUse cards = new(() => new ServerSettings(), name => name == "cpu" ? ComputeDevice.Choose(name) : throw new InvalidOperationException("It was opened."), () => "It crashed.");
        cards.GivenUp += why => told = why;
        Assert.Null(cards.ForTuning().Card);
        Assert.StartsWith("It crashed.", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 0", null)]
    [InlineData("exit 3", "code 3")]
    [InlineData("echo Vulkan0; echo It broke. >&2; kill -SEGV $$", "Vulkan0 failed when it was tried in a process of its own (code 139: It broke.)")]
    [InlineData("sleep 60", "did not answer")]
    public void TheProbeNoticesACrashAndAHang(string script, string? problem)
    {
        if (OperatingSystem.IsWindows())
            return;
        using TemporaryFolder folder = new();
        string? found = CardProbe.Problem(new("sh", ["-c", script]), AnyLibraries(folder), TimeSpan.FromSeconds(script.StartsWith("sleep", StringComparison.Ordinal) ? 1 : 30));
        if (problem is null)
            Assert.Null(found);
        else
            Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Fact]
    public void TheProgramItselfCanBeTheProbe() => Assert.Null(CardProbe.Problem(CardProbe.ThisProgram("codetuner-server", ComputeDevice.Automatic)));

    [Fact]
    public void WithoutLibrariesNothingIsProbed()
    {
        using TemporaryFolder folder = new();
        Assert.Null(CardProbe.Problem(new("false"), new GgmlLibraryOptions { Environment = null, BaseDirectory = folder.Path }));
    }

    // Only looked for: the process that stands for the probe loads none.
    private static GgmlLibraryOptions AnyLibraries(TemporaryFolder folder)
    {
        folder.File(GgmlLibraryOptions.CoreFile, "");
        return new GgmlLibraryOptions { Setting = folder.Path };
    }

    private static CardGuard Guard(Func<GgmlMemory>? memory = null, Func<bool>? onBattery = null) =>
        new(memory ?? (() => new GgmlMemory(8 * Gigabyte, 8 * Gigabyte)), onBattery ?? (() => false));
}
