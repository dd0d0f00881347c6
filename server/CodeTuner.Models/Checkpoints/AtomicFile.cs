namespace CodeTuner.Models.Checkpoints;

/// <summary>Writes a file beside its place, flushes it to the disk and renames it: a reader sees the old file or the new one, never half.</summary>
public static class AtomicFile
{
    // What Unix and Windows say when nothing more fits: ENOSPC, ERROR_DISK_FULL.
    private const int NoSpaceOnUnix = 28, NoSpaceOnWindows = unchecked((int)0x80070070);

    /// <summary>Writes what <paramref name="write"/> puts into the stream.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; the old file is untouched.</exception>
    public static void Write(string path, Action<Stream> write) =>
        Write(path, write, beside => new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16));

    /// <summary>As <see cref="Write(string, Action{Stream})"/>, to a stream that <paramref name="open"/> makes for the path beside.</summary>
    internal static void Write(string path, Action<Stream> write, Func<string, Stream> open)
    {
        string full = Path.GetFullPath(path);
        string beside = full + ".new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (Stream stream = open(beside))
            {
                write(stream);
                if (stream is FileStream file)
                    file.Flush(flushToDisk: true);
            }

            File.Move(beside, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(beside);
            string cause = e.HResult is NoSpaceOnUnix or NoSpaceOnWindows
                ? "the disk is full. Free some space and try again"
                : $"{e.Message.TrimEnd('.')}. Check the folder's rights and free space, then try again";
            throw new IOException($"{full} could not be written: {cause}. What was there before is unchanged.", e);
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "value")
        {
            // So the runtime reports EFBIG, in a write or at the latest when the stream is closed.
            Discard(beside);
            throw new IOException(
                $"{full} could not be written: it would be larger than its file system or your limits allow (\"ulimit -f\" shows them). Raise them or choose another place, then try again. What was there before is unchanged.",
                e);
        }
        catch
        {
            Discard(beside);
            throw;
        }
    }

    /// <summary>Writes text in UTF-8.</summary>
    /// <exception cref="IOException">As <see cref="Write(string, Action{Stream})"/>.</exception>
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
