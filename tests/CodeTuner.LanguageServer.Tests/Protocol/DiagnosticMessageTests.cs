using System.Text.Json;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Tests.Protocol;

public class DiagnosticMessageTests
{
    [Theory]
    [InlineData("\"plain\"", "plain")]
    [InlineData("\"a \\ud83d\\ude00\"", "a \ud83d\ude00")]
    [InlineData("""{"kind":"markdown","value":"*plain*"}""", "*plain*")]
    public void ReadsAStringAndMarkup(string json, string expected)
    {
        CodeActionParams read = Read(json)!;
        Assert.Equal(expected, Assert.Single(read.Context.Diagnostics).Message);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[\"plain\"]")]
    [InlineData("""{"kind":"markdown"}""")]
    public void RefusesAnythingElse(string json) => Assert.ThrowsAny<JsonException>(() => Read(json));

    [Fact]
    public void WritesAString()
    {
        DocumentDiagnosticReport report = new RelatedFullDocumentDiagnosticReport([new Diagnostic(default, "plain")]);
        JsonElement json = JsonSerializer.SerializeToElement(report, LspJsonContext.Default.DocumentDiagnosticReport);
        Assert.Equal("plain", json.GetProperty("items")[0].GetProperty("message").GetString());
    }

    private static CodeActionParams? Read(string message)
    {
        const string Range = """{"start":{"line":0,"character":0},"end":{"line":0,"character":1}}""";
        string json = $$$"""
            {"textDocument":{"uri":"file:///a.cs"},"range":{{{Range}}},
             "context":{"diagnostics":[{"range":{{{Range}}},"message":{{{message}}}}]}}
            """;
        return JsonSerializer.Deserialize(json, LspJsonContext.Default.CodeActionParams);
    }
}
