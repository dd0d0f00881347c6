using System.Text.Json;
using CodeTuner.Models.Checkpoints.Gguf;
using CodeTuner.Tests;

namespace CodeTuner.Cli.Tests;

public class CommandTests
{
    [Theory]
    [InlineData(2, "Unrecognized", "nonsense")]
    [InlineData(2, "--row must be", "tune", ".", "--row", "3")]
    [InlineData(2, "--dropout must be", "tune", ".", "--dropout", "2")]
    [InlineData(2, "--line", "complete", "nothing.py")]
    [InlineData(1, "There is no folder", "tune", "/no/such/folder")]
    [InlineData(1, "There is no folder", "scan", "/no/such/folder")]
    [InlineData(1, "There is no model \"none\"", "tune", ".", "--model", "none")]
    [InlineData(0, "", "doctor")]
    [InlineData(0, "", "models", "verify")]
    [InlineData(1, "There is no model \"none\"", "models", "export", "none", "none.gguf")]
    [InlineData(2, "'q4_k' not recognized", "models", "export", "codetuner-10m", "none.gguf", "--type", "q4_k")]
    [InlineData(2, "'onnx' not recognized", "runs", "export", "run", "folder", "--format", "onnx")]
    public void Ends_with_the_code_and_the_message(int code, string says, params string[] arguments)
    {
        (int got, _, string errors) = Cli.Run(arguments);
        Assert.Equal(code, got);
        Assert.Contains(says, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_gives_one_json_object()
    {
        using SampleWorkspace workspace = new(3);
        workspace.File("notes.txt", "text");
        workspace.File("data.py", "x = '\0'");
        (int code, string output, _) = Cli.Run("scan", workspace.Root, "--json", "--files");
        Assert.Equal(0, code);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(3, json.RootElement.GetProperty("kept").GetInt32());
        Assert.Equal(1, json.RootElement.GetProperty("leftOut").GetProperty("binary").GetInt32());
        Assert.Equal(1, json.RootElement.GetProperty("leftOut").GetProperty("language").GetInt32());
    }

    [Fact]
    public void Exports_a_model_as_gguf_and_overwrites_nothing()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "new", "model.gguf");
        (int code, string output, _) = Cli.Run("models", "export", "codetuner-10m", path, "--type", "q8_0", "--json");
        Assert.Equal(0, code);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(path, json.RootElement.GetProperty("file").GetString());
        Assert.Equal(new FileInfo(path).Length, json.RootElement.GetProperty("bytes").GetInt64());
        using (GgufFile file = new(path))
            Assert.Equal("Q8_0", file.Tensors["token_embd.weight"].Type.Name);
        (code, _, string errors) = Cli.Run("models", "export", "codetuner-10m", path);
        Assert.Equal(1, code);
        Assert.Contains("is there already", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Completes_from_cases_in_order()
    {
        using TemporaryFolder folder = new();
        string cases = folder.File("cases.jsonl", """
            {"path":"a.py","prefix":"def add(a, b):\n    return ","suffix":"\n"}
            {"path":"b.cs","prefix":"class Person { public string ","suffix":" }"}
            """);
        (int code, string output, _) = Cli.Run("complete", "--cases", cases, "--checkpoint", "base", "--state", folder.Path);
        Assert.Equal(0, code);
        string[] lines = output.Trim().Split('\n');
        Assert.Equal(2, lines.Length);
        foreach (string line in lines)
        {
            using JsonDocument json = JsonDocument.Parse(line);
            Assert.Equal(JsonValueKind.String, json.RootElement.GetProperty("text").ValueKind);
            Assert.True(json.RootElement.GetProperty("tokens").GetInt32() > 0);
            Assert.True(json.RootElement.GetProperty("logprob").GetDouble() < 0);
            Assert.True(json.RootElement.GetProperty("milliseconds").GetDouble() > 0);
        }
    }

    [Theory]
    [InlineData("not json", "standard input")]
    [InlineData("{\"path\":\"a.py\"}", "prefix")]
    public void Says_what_is_wrong_with_the_input(string input, string says)
    {
        (int code, _, string errors) = Cli.RunWith(input, "complete", "--checkpoint", "base");
        Assert.Equal(2, code);
        Assert.Contains(says, errors, StringComparison.Ordinal);
    }
}
