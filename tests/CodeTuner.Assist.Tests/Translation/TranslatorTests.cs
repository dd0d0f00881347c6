using CodeTuner.Assist.Tests.Fakes;
using CodeTuner.Assist.Translation;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Tests.Translation;

public class TranslatorTests
{
    [Theory]
    [InlineData("src/user_service.py", Language.CSharp, "src/UserService.cs")]
    [InlineData("src/UserService.cs", Language.Python, "src/user_service.py")]
    [InlineData("UserService.cs", Language.Java, "UserService.java")]
    [InlineData("a\\UserService.cs", Language.TypeScript, "a\\userService.ts")]
    [InlineData("user-service.ts", Language.Go, "user_service.go")]
    [InlineData("HTTPServer2.java", Language.Rust, "http_server2.rs")]
    [InlineData("http_server.rs", Language.CSharp, "HttpServer.cs")]
    [InlineData("user.service.ts", Language.JavaScript, "userService.js")]
    [InlineData("main.c", Language.Cpp, "main.cpp")]
    [InlineData("main.cpp", Language.C, "main.c")]
    [InlineData("__init__.py", Language.CSharp, "Init.cs")]
    [InlineData("x/---", Language.Python, "x/file.py")]
    [InlineData("", Language.Python, "file.py")]
    [InlineData("größe.py", Language.CSharp, "Größe.cs")]
    public void Names_the_file_by_the_targets_custom(string path, Language target, string expected) => Assert.Equal(expected, TargetPath.Of(path, target));

    // What the model writes, and the file's text.
    [Theory]
    [InlineData(Language.CSharp, "class A\n{\n}", "class A\n{\n}\n")]
    [InlineData(Language.CSharp, "\n\nclass A  \n{\n\tint x;\n}\n\n\n", "class A\n{\n    int x;\n}\n")]
    [InlineData(Language.Go, "func a() {\n    if x {\n        b()\n    }\n}", "func a() {\n\tif x {\n\t\tb()\n\t}\n}\n")]
    [InlineData(Language.Go, "func a() {\n  b()\n}", "func a() {\n\tb()\n}\n")]
    [InlineData(Language.TypeScript, "f() {\n\treturn 1;\n}", "f() {\n  return 1;\n}\n")]
    [InlineData(Language.Python, "def f():\n\treturn '''a\n\tb'''", "def f():\n    return '''a\n\tb'''\n")]
    [InlineData(Language.Python, "", "")]
    [InlineData(Language.Python, " \n ", "")]
    public void Formats_as_the_target_does(Language target, string written, string expected)
    {
        TranslationResult result = new Translator(new ScriptedModel(written)).Translate(new TranslationRequest("a.java", "class A { }", target));
        Assert.Equal(expected, result.Text);
    }

    [Fact]
    public void Line_ends_are_the_sources()
    {
        TranslationResult result = new Translator(new ScriptedModel("x = 1\ny = 2")).Translate(new TranslationRequest("a.cs", "int x;\r\nint y;\r\n", Language.Python));
        Assert.Equal("x = 1\r\ny = 2\r\n", result.Text);
        Assert.False(result.IsCut);
    }

    [Fact]
    public void The_source_stands_before_the_target_and_the_gap_is_the_file()
    {
        ScriptedModel model = new("class A { }");
        new Translator(model, "shop").Translate(new TranslationRequest("src/user_service.py", "class UserService:\n    pass\n", Language.CSharp));
        Assert.Equal(
            "<|repo_name|>shop\n<|file_sep|>src/user_service.py\nclass UserService:\n    pass\n<|file_sep|>src/UserService.cs\n<|fim_prefix|><|fim_suffix|><|fim_middle|>",
            Assert.Single(model.Prompts));
    }

    [Fact]
    public void A_long_source_goes_declaration_by_declaration_behind_what_is_written()
    {
        string source = string.Concat(Enumerable.Range(0, 40).Select(i => $"def function_{i}(value):\n    first = compute(value, {i})\n    second = first * first + value\n    return first + second\n\n\n"));
        int calls = 0;
        ScriptedModel model = new(_ => $"// piece {++calls}");
        List<TranslationProgress> told = [];
        TranslationResult result = new Translator(model).Translate(new TranslationRequest("a.py", source, Language.Java), told.Add);
        Assert.InRange(calls, 3, 20);
        Assert.Equal(string.Concat(Enumerable.Range(1, calls).Select(i => $"// piece {i}\n")), result.Text);
        Assert.False(result.IsCut);
        for (int i = 1; i < calls; i++)
            Assert.Contains($"// piece {i}\n", model.Prompts[i], StringComparison.Ordinal);

        // Every piece begins with a declaration, and none is lost.
        Assert.All(model.Prompts, p => Assert.Contains("a.py\ndef function_", p, StringComparison.Ordinal));
        for (int i = 0; i < 40; i++)
            Assert.Single(model.Prompts, p => p.Contains($"def function_{i}(value):", StringComparison.Ordinal));
        Assert.Equal(1, told[^1].Share);
        Assert.Equal(result.Text, told[^1].Text);
        Assert.Equal(told.Select(t => t.Share).Order(), told.Select(t => t.Share));
    }

    [Fact]
    public void A_loop_is_run_once_and_told_of()
    {
        string loop = string.Concat(Enumerable.Repeat("x = f(1)\ny = g(2)\n", 60));
        TranslationResult result = new Translator(new ScriptedModel("a = 0\n" + loop + ScriptedModel.Endless)).Translate(new TranslationRequest("a.cs", "int x;", Language.Python));
        Assert.True(result.IsCut);
        Assert.Equal("a = 0\nx = f(1)\ny = g(2)\n", result.Text);
    }

    [Fact]
    public void What_runs_out_of_tokens_ends_with_a_whole_line_and_is_told_of()
    {
        string endless = string.Concat(Enumerable.Range(0, 900).Select(i => $"x{i} = {i * 7919}\n"));
        TranslationResult result = new Translator(new ScriptedModel(endless + ScriptedModel.Endless)).Translate(new TranslationRequest("a.cs", "int x;", Language.Python));
        Assert.True(result.IsCut);
        Assert.All(result.Text.TrimEnd().Split('\n'), l => Assert.Matches(@"^x(\d+) = \d+$", l));
        string last = result.Text.TrimEnd().Split('\n')[^1];
        Assert.EndsWith($"= {int.Parse(last[1..last.IndexOf(' ')]) * 7919}", last, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_is_told_within_a_piece()
    {
        List<TranslationProgress> told = [];
        string written = string.Join('\n', Enumerable.Range(0, 30).Select(i => $"value_{i} = {i}"));
        new Translator(new ScriptedModel(written)).Translate(new TranslationRequest("a.cs", "int x;", Language.Python), told.Add);
        Assert.InRange(told.Count, 5, 100);
        Assert.All(told, t => Assert.InRange(t.Share, 0, 1));
    }

    [Fact]
    public void A_sentinel_ends_a_piece() => Assert.Equal(
        "x = 1\n",
        new Translator(new ScriptedModel("x = 1<|file_sep|>b.py\ny = 2")).Translate(new TranslationRequest("a.cs", "int x;", Language.Python)).Text);

    [Fact]
    public void An_unknown_target_is_refused() => Assert.Throws<ArgumentException>(
        () => new Translator(new ScriptedModel("")).Translate(new TranslationRequest("a.cs", "int x;", Language.Unknown)));

    [Fact]
    public void It_can_be_cancelled()
    {
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(() => new Translator(new ScriptedModel(string.Join('\n', Enumerable.Range(0, 99))))
            .Translate(new TranslationRequest("a.cs", "int x;", Language.Python), _ => source.Cancel(), source.Token));
    }
}
