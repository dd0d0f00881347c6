using CodeTuner.Models.Checkpoints;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Checkpoints;

public class AtomicFileTests
{
    [Fact]
    public void A_full_disk_leaves_the_old_file_and_says_so()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("weights", "old");
        IOException e = Assert.Throws<IOException>(() => AtomicFile.Write(path, s => s.Write(new byte[100]), beside => new FullDisk(beside, room: 60)));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains("the disk is full", e.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_file_that_may_not_grow_so_large_is_said()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("weights", "old");
        IOException e = Assert.Throws<IOException>(() => AtomicFile.Write(path, _ => throw new ArgumentOutOfRangeException("value", "File length too big.")));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains("ulimit -f", e.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_old_file()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("weights", "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, s =>
        {
            s.WriteByte(1);
            throw new InvalidOperationException("the device was lost");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Replaces_the_old_file_and_what_a_killed_process_left()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("weights", "old");
        folder.File("weights.new", "half of something much longer");
        AtomicFile.WriteText(path, "new");
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_file_in_place_of_the_folder_is_named()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.File("taken", ""), "weights");
        IOException e = Assert.Throws<IOException>(() => AtomicFile.WriteText(path, "new"));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    // Takes so many bytes, then fails as the system does when nothing more fits.
    private sealed class FullDisk(string path, int room) : FileStream(path, FileMode.Create)
    {
        private int left = room;

        public override void Write(byte[] buffer, int offset, int count)
        {
            base.Write(buffer, offset, Math.Min(left, count));
            left -= count;
            if (left < 0)
                throw new IOException("No space left on device", 28);
        }
    }
}
