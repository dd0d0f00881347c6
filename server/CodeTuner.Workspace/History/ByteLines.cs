namespace CodeTuner.Workspace.History;

/// <summary>Reads the lines of a command's output as bytes, one buffer at a time; a diff may be far larger than memory.</summary>
internal sealed class ByteLines(GitProcess git)
{
    private byte[] buffer = new byte[65536];
    private int start;
    private int end;
    private bool ended;

    /// <summary>Reads the next line without its line feed. The span is valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var found = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = buffer.AsSpan(start, searched + found);
                start += searched + found + 1;
                return true;
            }

            searched = end - start;
            if (!Fill())
            {
                line = buffer.AsSpan(start, end - start);
                start = end;
                return line.Length > 0;
            }
        }
    }

    /// <summary>Skips a line without keeping it, so that one huge line costs no memory.</summary>
    public bool Skip()
    {
        while (true)
        {
            var found = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (found >= 0)
            {
                start += found + 1;
                return true;
            }

            var had = end > start;
            start = end = 0;
            if (!Fill())
                return had;
        }
    }

    /// <summary>Reads the next byte without taking it; -1 at the end.</summary>
    public int Peek() => start < end || Fill() ? buffer[start] : -1;

    /// <summary>Reads exactly <paramref name="count"/> bytes.</summary>
    public byte[] ReadBytes(int count)
    {
        var result = new byte[count];
        var filled = 0;
        while (filled < count)
        {
            if (start == end && !Fill())
                throw new GitException("git ended in the middle of a file's content.");
            var take = Math.Min(count - filled, end - start);
            buffer.AsSpan(start, take).CopyTo(result.AsSpan(filled));
            start += take;
            filled += take;
        }

        return result;
    }

    private bool Fill()
    {
        if (ended)
            return false;
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var read = git.Read(buffer.AsSpan(end));
        ended = read == 0;
        end += read;
        return !ended;
    }
}
