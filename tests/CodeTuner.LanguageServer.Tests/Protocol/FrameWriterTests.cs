using System.IO.Pipelines;
using System.Text;
using CodeTuner.LanguageServer.Protocol.JsonRpc;

namespace CodeTuner.LanguageServer.Tests.Protocol;

public class FrameWriterTests
{
    [Fact]
    public async Task MessagesOfManyThreadsLeaveWholeAndInEachThreadsOrder()
    {
        var pipe = new Pipe();
        var writer = new FrameWriter(pipe.Writer, capacity: 3);
        Task running = writer.RunAsync(CancellationToken.None);
        Task[] senders = [.. Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
                await writer.WriteAsync(Encoding.UTF8.GetBytes($"{sender} {i} {new string('x', i)}"));
        }))];
        _ = Task.WhenAll(senders).ContinueWith(_ => writer.Complete(), TaskScheduler.Default);

        int[] next = new int[senders.Length];
        var reader = new FrameReader(pipe.Reader);
        while (await reader.ReadAsync(CancellationToken.None).AsTask().WaitAsync(TestClient.Patience) is { } frame)
        {
            Assert.Null(frame.Problem);
            string[] parts = Encoding.UTF8.GetString(frame.Content).Split(' ');
            int sender = int.Parse(parts[0], null);
            Assert.Equal(next[sender]++, int.Parse(parts[1], null));
            Assert.Equal(next[sender] - 1, parts[2].Length);
        }

        Assert.All(next, count => Assert.Equal(200, count));
        await running;
    }

    [Fact]
    public async Task WhoSendsWaitsWhileTheClientDoesNotRead()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 100, resumeWriterThreshold: 50));
        var writer = new FrameWriter(pipe.Writer, capacity: 2);
        _ = writer.RunAsync(CancellationToken.None);
        byte[] message = new byte[200];

        // One stands in the pipe, two in the queue; one more may be on its way between them.
        List<Task> sent = [.. Enumerable.Range(0, 6).Select(_ => writer.WriteAsync(message).AsTask())];
        await Task.Delay(100);
        Assert.False(sent[5].IsCompleted);
        Assert.False(writer.TryWrite(message));

        var reader = new FrameReader(pipe.Reader);
        for (int i = 0; i < 6; i++)
            Assert.NotNull(await reader.ReadAsync(CancellationToken.None));
        await Task.WhenAll(sent).WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task SendingToAClientThatIsGoneSaysSo()
    {
        var pipe = new Pipe();
        var writer = new FrameWriter(pipe.Writer);
        Task running = writer.RunAsync(CancellationToken.None);
        await pipe.Reader.CompleteAsync();
        await writer.WriteAsync(new byte[1]);
        await running.WaitAsync(TestClient.Patience);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => writer.WriteAsync(new byte[1]).AsTask());
    }
}
