using CodeTuner.Tests;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.Tuning.Tests.Runs;

public class RunStoreTests
{
    [Fact]
    public void Which_run_serves_is_seen_where_another_process_changes_it()
    {
        using TemporaryFolder folder = new();
        RunStore mine = new(folder.Path, Path.Combine(folder.Path, "state")), theirs = new(folder.Path, Path.Combine(folder.Path, "state"));
        Assert.Null(mine.Promoted.Run);
        string[] runs = [mine.Create().Id, mine.Create().Id];
        foreach (string run in runs)
        {
            Directory.CreateDirectory(mine.Get(run).Model);
            theirs.Promote(run);
            Assert.Equal(run, mine.Promoted.Run);
            Thread.Sleep(20); // so long that the file's time tells the next change
        }

        Assert.Equal(runs[0], mine.Promoted.Previous);
        mine.Rollback();
        Assert.Equal(runs[0], mine.Promoted.Run); // its own change at once
        Assert.False(theirs.Promoted.HasPrevious);
    }
}
