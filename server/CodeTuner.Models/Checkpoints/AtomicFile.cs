namespace CodeTuner.Models.Checkpoints;

/// <summary>Writes a file beside its place, flushes it to the disk and renames it: a reader sees the old file or the new one, never half.</summary>
public static class AtomicFile
{
    /// <summary>Writes what <paramref name="write"/> puts into the stream.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; the old file is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        string beside = full + ".new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (FileStream stream = new(beside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(beside);
            throw new IOException(
                $"{full} could not be written: {e.Message.TrimEnd('.')}. What was there before is unchanged. Free some space or check the folder's rights, then try again.", e);
        }
    }

    /// <summary>Writes text in UTF-8.</summary>
    /// <exception cref="IOException">As <see cref="Write"/>.</exception>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The message about the first failure matters more; the next write replaces this file.
        }
    }
}
