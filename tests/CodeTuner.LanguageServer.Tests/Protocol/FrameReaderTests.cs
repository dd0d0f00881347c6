using System.IO.Pipelines;
using System.Text;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.LanguageServer.Tests.Protocol;

public class FrameReaderTests
{
    [Theory]
    [InlineData("Content-Length: 2\r\n\r\n{}", "{}")]
    [InlineData("content-length:2\r\n\r\n{}", "{}")]
    [InlineData("Content-Length: 2 \r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}", "{}")]
    [InlineData("Content-Type: application/vscode-jsonrpc; charset=\"UTF8\"\r\nContent-Length: 2\r\n\r\n{}", "{}")]
    [InlineData("Content-Type: application/vscode-jsonrpc\r\nContent-Length: 2\r\n\r\n{}", "{}")]
    [InlineData("X-Other: a:b\r\nContent-Length: 2\r\n\r\n{}", "{}")]
    [InlineData("Content-Length: 2\n\n{}", "{}")]
    [InlineData("\r\n\r\nContent-Length: 2\r\n\r\n{}", "{}")]
    [InlineData("Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "{}")]
    [InlineData("Content-Length: 0\r\n\r\nContent-Length: 2\r\n\r\n{}", "", "{}")]
    [InlineData("Content-Length: 3\r\n\r\n\r\n\r", "\r\n\r")]
    // What is wrong is told once, and the next message is read.
    [InlineData("Content-Length: 2x\r\n\r\n{}Content-Length: 2\r\n\r\n[]", "!not a number", "[]")]
    [InlineData("Content-Length: -2\r\n\r\n{}Content-Length: 2\r\n\r\n[]", "!not a number", "[]")]
    [InlineData("Content-Length:\r\n\r\n{}Content-Length: 2\r\n\r\n[]", "!not a number", "[]")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n{}Content-Length: 2\r\n\r\n[]", "!not a number", "[]")]
    [InlineData("Content-Type: text/plain\r\n\r\n{}Content-Length: 2\r\n\r\n[]", "!no Content-Length", "[]")]
    [InlineData("hello\r\nContent-Length: 2\r\n\r\n[]", "!not a header field", "[]")]
    [InlineData("{\"jsonrpc\":\"2.0\"}\nContent-Length: 2\r\n\r\n[]", "!not a header field", "[]")]
    [InlineData("\"}Content-Length: 2\r\n\r\n[]", "!not a header field", "[]")]
    [InlineData("Content-Length: 5\r\nContent-Length: 2\r\n\r\n[]", "!differ", "[]")]
    [InlineData("Content-Length: 2\r\nContent-Type: a; charset=utf-16\r\n\r\n{}Content-Length: 2\r\n\r\n[]", "!charset", "[]")]
    [InlineData("Content-Length: 101\r\n\r\n+100+Content-Length: 2\r\n\r\n[]", "!at most 100", "[]")]
    [InlineData("+5000+Content-Length: 2\r\n\r\n[]", "!4096", "[]")]
    // A message that the stream's end cuts off is not reported: there is nobody left to report to.
    [InlineData("Content-Length: 999999999999999999\r\n\r\n{}")]
    [InlineData("")]
    [InlineData("Content-Len")]
    [InlineData("Content-Length: 10\r\n\r\n{}")]
    public async Task ReadsHeaders(string stream, params string[] expected)
    {
        // "+n+" stands for n + 1 bytes of filling.
        stream = System.Text.RegularExpressions.Regex.Replace(stream, @"\+(\d+)\+", m => new string('x', int.Parse(m.Groups[1].Value, null) + 1));
        byte[] bytes = Encoding.UTF8.GetBytes(stream);
        foreach (int chunk in new[] { 1, 2, 3, 7, 13, bytes.Length + 1 })
            AssertFrames(expected, await ReadAllAsync(bytes, [chunk]));
    }

    [Fact]
    public void AnyChunkingGivesTheSameMessages()
    {
        var cases =
            from messages in Gen.Elements("", "{}", "é😀", "\r\n\r\n", "Content-Length: 3\r\n\r\n", new string('a', 5000)).ListOf()
            from chunks in Gen.Choose(1, 40).ListOf(20)
            select (Messages: messages.ToArray(), Chunks: chunks.ToArray());
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            byte[] stream = [.. c.Messages.SelectMany(Frame)];
            AssertFrames(c.Messages, ReadAllAsync(stream, c.Chunks, int.MaxValue).GetAwaiter().GetResult());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void AnyGarbageBeforeAMessageLeavesItReadable()
    {
        var garbage = Gen.Elements("Content-Length", ":", " ", "5", "\r\n", "\n", "{}", "x", "é", "Content-", "-1").ListOf();
        Prop.ForAll(garbage.ToArbitrary(), Gen.Choose(1, 30).ToArbitrary(), (parts, chunk) =>
        {
            // A length that the garbage itself gives would swallow what follows, rightly.
            string text = string.Concat(parts).Replace("Content-Length:", "Content-Length ", StringComparison.Ordinal);
            if (text.EndsWith("Content-Length", StringComparison.Ordinal))
                text += "\n";
            byte[] stream = [.. Encoding.UTF8.GetBytes(text), .. Frame("last")];
            List<Frame> frames = ReadAllAsync(stream, [chunk]).GetAwaiter().GetResult();
            Assert.NotEmpty(frames);
            Assert.Equal("last", Encoding.UTF8.GetString(frames[^1].Content));
            Assert.True(frames.Count <= 2);
        }).QuickCheckThrowOnFailure();
    }

    private static byte[] Frame(string content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        return [.. Encoding.ASCII.GetBytes($"Content-Length: {bytes.Length}\r\n\r\n"), .. bytes];
    }

    private static void AssertFrames(string[] expected, List<Frame> frames)
    {
        Assert.Equal(expected.Length, frames.Count);
        foreach ((string text, Frame frame) in expected.Zip(frames))
        {
            if (text.StartsWith('!'))
                Assert.Contains(text[1..], frame.Problem, StringComparison.Ordinal);
            else
                Assert.Equal((null, text), (frame.Problem, Encoding.UTF8.GetString(frame.Content)));
        }
    }

    private static async Task<List<Frame>> ReadAllAsync(byte[] stream, int[] chunks, int max = 100)
    {
        var reader = new FrameReader(PipeReader.Create(new ChunkedStream(stream, chunks)), max);
        List<Frame> frames = [];
        while (await reader.ReadAsync(CancellationToken.None).AsTask().WaitAsync(TestClient.Patience) is { } frame)
            frames.Add(frame);
        return frames;
    }
}
