using System.Text;
using System.Text.Json;
using CodeTuner.LanguageServer.Protocol.JsonRpc;

namespace CodeTuner.LanguageServer.Tests.Protocol;

public class MalformedMessageTests
{
    public static TheoryData<string, string, int> Messages => new()
    {
        // message, id of the answer, error
        { "", "null", ErrorCodes.ParseError },
        { "{", "null", ErrorCodes.ParseError },
        { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}}", "null", ErrorCodes.ParseError },
        { "nonsense", "null", ErrorCodes.ParseError },
        { "{\"jsonrpc\":\"2.0\",\"id\":1,}", "null", ErrorCodes.ParseError },
        { "{\"\\ud83d\":1}", "null", ErrorCodes.ParseError },
        { "[1,", "null", ErrorCodes.ParseError },
        { "1 2", "null", ErrorCodes.ParseError },
        { new string('[', 100000), "null", ErrorCodes.ParseError },
        { "{\"a\":" + new string('[', 100000), "null", ErrorCodes.ParseError },
        { "\ud83d", "null", ErrorCodes.ParseError },
        { "[]", "null", ErrorCodes.InvalidRequest },
        { "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"shutdown\"}]", "null", ErrorCodes.InvalidRequest },
        { "1", "null", ErrorCodes.InvalidRequest },
        { "null", "null", ErrorCodes.InvalidRequest },
        { "{}", "null", ErrorCodes.InvalidRequest },
        { "{\"jsonrpc\":\"2.0\"}", "null", ErrorCodes.InvalidRequest },
        { "{\"jsonrpc\":\"2.0\",\"id\":77}", "77", ErrorCodes.InvalidRequest },
        { "{\"id\":77,\"method\":\"shutdown\"}", "77", ErrorCodes.InvalidRequest },
        { "{\"jsonrpc\":\"1.0\",\"id\":\"a\",\"method\":\"shutdown\"}", "\"a\"", ErrorCodes.InvalidRequest },
        { "{\"jsonrpc\":2.0,\"id\":77,\"method\":\"shutdown\"}", "77", ErrorCodes.InvalidRequest },
        { "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"shutdown\"}", "null", ErrorCodes.InvalidRequest },
        { "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"shutdown\"}", "null", ErrorCodes.InvalidRequest },
        { "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"shutdown\"}", "null", ErrorCodes.InvalidRequest },
        { "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"shutdown\"}", "null", ErrorCodes.InvalidRequest },
        { "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":5}", "77", ErrorCodes.InvalidRequest },
        { "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":{\"id\":3}}", "77", ErrorCodes.InvalidRequest },
        { "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"shutdown\",\"params\":5}", "77", ErrorCodes.InvalidRequest },
        { "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"no/such\"}", "77", ErrorCodes.MethodNotFound },
        { "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"$/no/such\"}", "77", ErrorCodes.MethodNotFound },
        { "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"textDocument/didOpen\",\"params\":{}}", "77", ErrorCodes.MethodNotFound },
        { "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"workspace/executeCommand\"}", "77", ErrorCodes.InvalidParams },
        { "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"workspace/executeCommand\",\"params\":[]}", "77", ErrorCodes.InvalidParams },
        { "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"workspace/executeCommand\",\"params\":{\"command\":null}}", "77", ErrorCodes.InvalidParams },
        { "{\"params\":{\"command\":\"x\"},\"method\":\"workspace/executeCommand\",\"id\":77,\"jsonrpc\":\"2.0\"}", "77", ErrorCodes.InvalidParams },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task IsAnsweredWithItsErrorAndTheSessionLivesOn(string message, string id, int code)
    {
        await using TestClient client = await TestClient.StartInitializedAsync();
        await client.SendAsync(message);
        JsonElement error = (await client.AnswerAsync(id)).GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetInt32());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        await client.AssertAliveAsync();
    }

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"no/such\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"$/setTrace\",\"params\":{\"value\":\"off\"}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didOpen\",\"params\":{}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didOpen\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didChange\",\"params\":{\"textDocument\":{\"uri\":\"a\",\"version\":1},\"contentChanges\":[]}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":999}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":{}}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"window/workDoneProgress/cancel\",\"params\":{\"token\":\"none\"}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":null}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"error\":{\"code\":1,\"message\":\"\"}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"\"}}")]
    public async Task WhatNobodyAwaitsAnAnswerToGetsNone(string message)
    {
        await using TestClient client = await TestClient.StartInitializedAsync();
        await client.SendAsync(message);
        await client.AssertAliveAsync();
        Assert.False(client.AnswerAsync("null").IsCompleted);
        Assert.False(client.HasMore);
    }

    [Fact]
    public async Task InvalidUtf8IsAParseError()
    {
        await using TestClient client = await TestClient.StartInitializedAsync();
        await client.SendBytesAsync((byte[])[.. "Content-Length: 4\r\n\r\n\""u8, 0xff, 0xfe, (byte)'"']);
        Assert.Equal(ErrorCodes.ParseError, (await client.AnswerAsync("null")).GetProperty("error").GetProperty("code").GetInt32());
        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task AMessageThatIsTooLongIsReadPast()
    {
        await using TestClient client = TestClient.Start(maxContentLength: 2000);
        await client.InitializeAsync();
        await client.NotifyAsync("x", $"[\"{new string('x', 3000)}\"]");
        JsonElement error = (await client.AnswerAsync("null")).GetProperty("error");
        Assert.Equal(ErrorCodes.ParseError, error.GetProperty("code").GetInt32());
        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task ABrokenHeaderIsAParseError()
    {
        await using TestClient client = await TestClient.StartInitializedAsync();
        await client.SendBytesAsync(Encoding.ASCII.GetBytes("Content-Length: many\r\n\r\n{}"));
        Assert.Equal(ErrorCodes.ParseError, (await client.AnswerAsync("null")).GetProperty("error").GetProperty("code").GetInt32());
        await client.AssertAliveAsync();
    }
}
