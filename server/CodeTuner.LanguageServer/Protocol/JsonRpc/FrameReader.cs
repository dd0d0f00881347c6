using System.Buffers;
using System.IO.Pipelines;

namespace CodeTuner.LanguageServer.Protocol.JsonRpc;

/// <summary>
/// Cuts a byte stream into messages: header fields, an empty line, and as many bytes as <c>Content-Length</c> says.
/// After a header that cannot be read it looks for the next <c>Content-Length:</c> and goes on from there.
/// Source: LSP 3.18, "Base Protocol", header part.
/// </summary>
/// <param name="input">Where the bytes come from.</param>
/// <param name="maxContentLength">The most bytes a message may have; a longer one is read past and reported.</param>
internal sealed class FrameReader(PipeReader input, int maxContentLength = FrameReader.DefaultMaxContentLength)
{
    /// <summary>64 MiB: far above any source file that an editor opens.</summary>
    public const int DefaultMaxContentLength = 64 * 1024 * 1024;

    private const int MaxHeaderLength = 4096;

    private bool _lost;

    /// <summary>The next message; null at the end of the stream, also where it ends within a message.</summary>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_lost && !await SkipToContentLengthAsync(cancellationToken))
            return null;
        _lost = false;

        if (await ReadHeaderAsync(cancellationToken) is not { } header)
            return null;
        if (header.Malformed is { } malformed)
        {
            _lost = true;
            return Frame.Bad(malformed);
        }

        long length = header.ContentLength!.Value;
        string? refused = length > maxContentLength
            ? $"A message has {length} bytes; at most {maxContentLength} are read."
            : header.Refused;
        if (refused is not null)
            return await SkipAsync(length, cancellationToken) ? Frame.Bad(refused) : null;

        // Nothing follows an empty message, so there is nothing to wait for.
        if (length == 0)
            return new Frame([], null);
        ReadResult result = await input.ReadAtLeastAsync((int)length, cancellationToken);
        if (result.Buffer.Length < length)
            return null;
        ReadOnlySequence<byte> body = result.Buffer.Slice(0, length);
        byte[] content = body.ToArray();
        input.AdvanceTo(body.End);
        return new Frame(content, null);
    }

    /// <summary>Reads past the header; a malformed one is left in the stream but for its first byte, to be searched.</summary>
    private async ValueTask<FrameHeader?> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await input.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (TryParse(buffer, out FrameHeader header, out SequencePosition end))
            {
                input.AdvanceTo(header.Malformed is null ? end : buffer.GetPosition(1));
                return header;
            }

            if (buffer.Length > MaxHeaderLength)
            {
                input.AdvanceTo(buffer.GetPosition(1));
                return header.AsMalformed($"A message's header has more than {MaxHeaderLength} bytes.");
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return null;
        }
    }

    private static bool TryParse(ReadOnlySequence<byte> buffer, out FrameHeader header, out SequencePosition end)
    {
        var lines = new SequenceReader<byte>(buffer.Slice(0, Math.Min(buffer.Length, MaxHeaderLength)));
        header = default;
        bool any = false;
        while (lines.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            ReadOnlySpan<byte> field = (line.IsSingleSegment ? line.FirstSpan : line.ToArray()).TrimEnd((byte)'\r');
            end = lines.Position;
            if (!field.IsEmpty)
            {
                any = true;
                header = header.With(field);
            }
            else if (any)
            {
                header = header.AtEnd();
                return true;
            }

            // What cannot be a header is not waited out to its empty line. Empty lines before the first field pass.
            if (header.Malformed is not null)
                return true;
        }

        end = default;
        return false;
    }

    private async ValueTask<bool> SkipToContentLengthAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await input.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (FrameHeader.FindContentLength(buffer) is { } found)
            {
                input.AdvanceTo(found);
                return true;
            }

            // The field may be cut by the buffer's end: keep that much.
            long skipped = Math.Max(0, buffer.Length - FrameHeader.ContentLengthFieldLength + 1);
            input.AdvanceTo(buffer.GetPosition(skipped), buffer.End);
            if (result.IsCompleted)
                return false;
        }
    }

    private async ValueTask<bool> SkipAsync(long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            ReadResult result = await input.ReadAsync(cancellationToken);
            long step = Math.Min(count, result.Buffer.Length);
            count -= step;
            input.AdvanceTo(result.Buffer.GetPosition(step));
            if (result.IsCompleted && count > 0)
                return false;
        }

        return true;
    }
}

/// <summary>A message's bytes, or what is wrong with its frame.</summary>
/// <param name="Content">The content part.</param>
/// <param name="Problem">One sentence, or null where the frame is right.</param>
internal readonly record struct Frame(byte[] Content, string? Problem)
{
    public static Frame Bad(string problem) => new([], problem);
}
