using System.IO.Enumeration;

namespace CodeTuner.Workspace.Scanning;

/// <summary>An entry of a folder.</summary>
/// <param name="Name">Its name, without the folder's.</param>
/// <param name="IsDirectory">Whether it is a folder; false for a link to one.</param>
/// <param name="IsLink">Whether it is a symbolic link or a junction.</param>
/// <param name="Bytes">A file's length; 0 for anything else.</param>
internal readonly record struct DiskEntry(string Name, bool IsDirectory, bool IsLink, long Bytes);

/// <summary>How the scan reads folders and files. Tests put failures here that cannot be made on a real disk by every user.</summary>
internal class WorkspaceDisk
{
    // Hidden and system files are source like any other, and a folder that cannot be read has to be reported, not skipped.
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>What lies directly in a folder, in no certain order.</summary>
    public virtual IEnumerable<DiskEntry> Enumerate(string folder) =>
        new FileSystemEnumerable<DiskEntry>(folder, (ref FileSystemEntry entry) => Describe(ref entry), Everything);

    /// <summary>The first bytes of a file, at most <paramref name="limit"/>.</summary>
    public virtual byte[] Read(string path, long limit)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        byte[] bytes = new byte[Math.Min(stream.Length, limit)];
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length == bytes.Length ? bytes : bytes[..length];
    }

    private static DiskEntry Describe(ref FileSystemEntry entry)
    {
        // Windows also marks files that are merely stored elsewhere as reparse points: only those with a target are links.
        bool isLink = (entry.Attributes & FileAttributes.ReparsePoint) != 0 && entry.ToFileSystemInfo().LinkTarget is not null;
        bool isDirectory = entry.IsDirectory && !isLink;
        return new DiskEntry(entry.FileName.ToString(), isDirectory, isLink, isDirectory || isLink ? 0 : entry.Length);
    }
}
