using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;

namespace CodeTuner.LanguageServer.Protocol.JsonRpc;

/// <summary>
/// The only one who writes to the output: messages leave whole and in the order they were handed in.
/// When the client does not read, the queue fills and those who send wait.
/// </summary>
/// <param name="output">Where the bytes go.</param>
/// <param name="capacity">How many messages may wait.</param>
internal sealed class FrameWriter(PipeWriter output, int capacity = 256)
{
    private readonly Channel<ReadOnlyMemory<byte>> _queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when nothing is written any more.</summary>
    public Task Written => _written.Task;

    /// <summary>Hands in a message; completes when it is queued, which may have to wait for the client to read.</summary>
    /// <exception cref="ConnectionClosedException">The output is closed.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        try
        {
            await _queue.Writer.WriteAsync(content, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ConnectionClosedException();
        }
    }

    /// <summary>Queues a message that may be lost; false where there is no room for it.</summary>
    public bool TryWrite(ReadOnlyMemory<byte> content) => _queue.Writer.TryWrite(content);

    /// <summary>Takes no more messages; <see cref="RunAsync"/> ends when those queued are written.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Writes until <see cref="Complete"/> or until the client has closed its end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(cancellationToken))
            {
                while (_queue.Reader.TryRead(out ReadOnlyMemory<byte> content))
                {
                    string header = string.Create(CultureInfo.InvariantCulture, $"Content-Length: {content.Length}\r\n\r\n");
                    output.Write(Encoding.ASCII.GetBytes(header));
                    // Waits where the pipe is full: this is what holds back those who send.
                    FlushResult result = await output.WriteAsync(content, cancellationToken);
                    if (result.IsCompleted)
                        return;
                }
            }
        }
        catch (IOException)
        {
            // The client closed its end; the input's end will say the same.
        }
        finally
        {
            _queue.Writer.TryComplete();
            _written.TrySetResult();
            await output.CompleteAsync();
        }
    }
}
