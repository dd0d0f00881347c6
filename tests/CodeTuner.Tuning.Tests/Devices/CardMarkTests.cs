using System.Text;
using CodeTuner.Tests;
using CodeTuner.Tuning.Devices;

namespace CodeTuner.Tuning.Tests.Devices;

/// <summary>What processes tell each other of a graphics card.</summary>
public sealed class CardMarkTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void AProcessThatDiedWhileItComputedIsKnownOnce()
    {
        Leave("Vulkan0 (Card)");
        Assert.Equal("Vulkan0 (Card)", CardMark.TakeLeft(folder.Path));
        Assert.Null(CardMark.TakeLeft(folder.Path));
    }

    [Fact]
    public void OneThatDiedBetweenTwoComputationsIsNoCardsFault()
    {
        Leave("");
        Assert.Null(CardMark.TakeLeft(folder.Path));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder.Path, "cards")));
    }

    [Fact]
    public void OneThatLivesIsLeftAlone()
    {
        using CardMark mark = CardMark.Create(folder.Path);
        using (mark.Work("Vulkan0"))
        using (mark.Work("Vulkan0"))
            Assert.Null(CardMark.TakeLeft(folder.Path));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(folder.Path, "cards")));
    }

    [Fact]
    public void TheMarkSaysWhatComputesNow()
    {
        CardMark mark = CardMark.Create(folder.Path);
        string path = Directory.EnumerateFiles(Path.Combine(folder.Path, "cards")).Single();
        long Written() => new FileInfo(path).Length;
        Assert.Equal(0, Written());
        IDisposable one = mark.Work("Vulkan0"), two = mark.Work("Vulkan0");
        one.Dispose();
        one.Dispose();
        Assert.Equal(7, Written());
        two.Dispose();
        Assert.Equal(0, Written());
        using (mark.Work("Vulkan0"))
        {
            mark.Clear();
            Assert.Equal(0, Written());
        }

        mark.Dispose();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void WithoutAPlaceForItNothingElseChanges()
    {
        string file = folder.File("state", "a file");
        using CardMark mark = CardMark.Create(file);
        mark.Work("Vulkan0").Dispose();
        using CardQueue queue = CardQueue.Wait(file, "Vulkan0", "code", _ => Assert.Fail("It waits."), CancellationToken.None);
    }

    [Fact]
    public async Task OneTuneAtATimeUsesACard()
    {
        List<string> told = [];
        CardQueue first = CardQueue.Wait(folder.Path, "Vulkan0 (Card)", "one", told.Add, CancellationToken.None);
        using CardQueue other = CardQueue.Wait(folder.Path, "Vulkan1 (Card)", "three", told.Add, CancellationToken.None);
        Assert.Empty(told);
        Task<CardQueue> second = Task.Run(() => CardQueue.Wait(folder.Path, "Vulkan0 (Card)", "two", told.Add, CancellationToken.None, TimeSpan.FromMilliseconds(10)));
        await Task.Delay(100);
        Assert.False(second.IsCompleted);
        first.Dispose();
        using CardQueue got = await second.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal($"Vulkan0 (Card) is used by the tune of one (process {Environment.ProcessId}).", Assert.Single(told));
    }

    [Fact]
    public void WaitingCanBeEnded()
    {
        using CardQueue first = CardQueue.Wait(folder.Path, "Vulkan0", "one", _ => { }, CancellationToken.None);
        using CancellationTokenSource stop = new();
        Assert.Throws<OperationCanceledException>(() => CardQueue.Wait(folder.Path, "Vulkan0", "two", _ => stop.Cancel(), stop.Token));
    }

    public void Dispose() => folder.Dispose();

    // As a process leaves it that was ended: its lock is gone, its file is not.
    private void Leave(string card)
    {
        string path = Path.Combine(folder.Path, "cards", "left.mark");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(card));
    }
}
