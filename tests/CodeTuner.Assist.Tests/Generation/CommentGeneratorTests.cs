using CodeTuner.Assist.Generation;
using CodeTuner.Assist.Tests.Fakes;

namespace CodeTuner.Assist.Tests.Generation;

public class CommentGeneratorTests
{
    // A path, a document with a cursor, what the model writes, and the document afterwards.
    [Theory]
    [InlineData("a.cs", "void F()\n{\n    // ad¦d\n}\n", "    int x = 1;", "void F()\n{\n    // add\n    int x = 1;\n}\n")]
    [InlineData("a.cs", "void F()\r\n{\r\n    // add¦\r\n}\r\n", "    int x = 1;\r\n    x++;", "void F()\r\n{\r\n    // add\r\n    int x = 1;\r\n    x++;\r\n}\r\n")]
    [InlineData("a.cs", "void F()\n{\n    // add\n  ¦  \n}\n", "    int x = 1;", "void F()\n{\n    // add\n    int x = 1;\n}\n")]
    [InlineData("a.cs", "void F()\n{\n    // one\n    // tw¦o\n    // three\n}\n", "    int x = 1;", "void F()\n{\n    // one\n    // two\n    // three\n    int x = 1;\n}\n")]
    [InlineData("a.py", "def f():\n    # ad¦d\n", "    x = 1\n    return x", "def f():\n    # add\n    x = 1\n    return x\n")]
    [InlineData("a.py", "# ad¦d", "x = 1", "# add\nx = 1")]
    [InlineData("a.py", "def f():\n    \"\"\"Ad¦ds.\"\"\"\n", "    return 1", "def f():\n    \"\"\"Adds.\"\"\"\n    return 1\n")]
    [InlineData("a.ts", "  /* ad¦d\n   * all */\n", "  const x = 1;", "  /* add\n   * all */\n  const x = 1;\n")]
    [InlineData("a.js", "\t// ad¦d\n", "\tif (x) {\n\t\ty();\n\t}", "\t// add\n\tif (x) {\n\t\ty();\n\t}\n")]
    [InlineData("A.java", "// ad¦d\n", "class X {\n}", "// add\nclass X {\n}\n")]
    [InlineData("a.go", "// ad¦d\n", "func x() int {\n\treturn 1\n}", "// add\nfunc x() int {\n\treturn 1\n}\n")]
    [InlineData("a.rs", "/// ad¦d\n", "fn x() -> i32 {\n    1\n}", "/// add\nfn x() -> i32 {\n    1\n}\n")]
    [InlineData("a.c", "/* ad¦d */\n", "int x = 1;", "/* add */\nint x = 1;\n")]
    [InlineData("a.cpp", "// ad¦d\n", "int x = 1;", "// add\nint x = 1;\n")]
    [InlineData("a.cs", "// ad¦d\n", "int x = 1;<|fim_prefix|>int y;", "// add\nint x = 1;\n")]
    public void Writes_under_the_comment(string path, string marked, string written, string expected)
    {
        (string text, int offset) = Caret.Of(marked);
        GenerationOutcome outcome = new CommentGenerator(new ScriptedModel(written)).Generate(new GenerationRequest(path, text, offset));
        Assert.Equal(NoCodeReason.None, outcome.Reason);
        Assert.Equal(expected, outcome.Code!.Edit.Apply(text));
    }

    [Theory]
    [InlineData("a.cs", "int x¦ = 1; // add\n", NoCodeReason.NotAComment)]
    [InlineData("a.cs", "int x = 1; // a¦dd\n", NoCodeReason.BehindCode)]
    [InlineData("a.cs", "// add\n\n\n¦int x;\n", NoCodeReason.NotAComment)]
    [InlineData("a.cs", "// add\nin¦t x;\n", NoCodeReason.NotAComment)]
    [InlineData("a.cs", "string s = \"// n¦o\";\n", NoCodeReason.NotAComment)]
    [InlineData("a.py", "s = '# n¦o'\n", NoCodeReason.NotAComment)]
    [InlineData("a.cs", "¦", NoCodeReason.NotAComment)]
    [InlineData("a.txt", "// a¦dd\n", NoCodeReason.UnknownLanguage)]
    public void Says_why_there_is_nothing(string path, string marked, NoCodeReason reason)
    {
        (string text, int offset) = Caret.Of(marked);
        ScriptedModel model = new("int y = 1;");
        GenerationOutcome outcome = new CommentGenerator(model).Generate(new GenerationRequest(path, text, offset));
        Assert.Null(outcome.Code);
        Assert.Equal(reason, outcome.Reason);
        Assert.Empty(model.Prompts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n\n")]
    [InlineData("}")]
    [InlineData("    // add")]
    [InlineData("    Next();")]
    [InlineData("    if (x")]
    [InlineData("    F(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1")]
    public void A_model_with_nothing_to_say_gives_nothing(string written)
    {
        GenerationOutcome outcome = new CommentGenerator(new ScriptedModel(written))
            .Generate(new GenerationRequest("a.cs", "class A { void F()\n{\n    // add\n    Next();\n}\n}\n", 30));
        Assert.Equal(new GenerationOutcome(null, NoCodeReason.NothingToSay), outcome);
    }

    // What the model would go on writing in C# under "    // add", before "\n    Next();\n}", and what is kept of it.
    [Theory]
    [InlineData("    A();\n    B();\n}\nint x;", "    A();\n    B();")]
    [InlineData("    A();\n\n    B();\n\n\n    C();", "    A();\n\n    B();")]
    [InlineData("    A();\n\n  B();", "    A();")]
    [InlineData("    A();\n    Next();\n    B();", "    A();")]
    [InlineData("    A();\n    A();\n    A();", "    A();")]
    [InlineData("    if (x)\n    {\n        A();\n    }\n    B();\n", "    if (x)\n    {\n        A();\n    }")]
    [InlineData("    if (x) {\n        A();\n    } else {\n        B();\n    }\n    C();\n", "    if (x) {\n        A();\n    } else {\n        B();\n    }")]
    [InlineData("    if (x)\n    {\n        A();\n    }\n    else\n    {\n        B();\n    }\n\n    C();\n", "    if (x)\n    {\n        A();\n    }\n    else\n    {\n        B();\n    }")]
    [InlineData("    int s = 0;\n    foreach (int i in v)\n    {\n        s += i;\n    }\n    return s;\n}\n", "    int s = 0;\n    foreach (int i in v)\n    {\n        s += i;\n    }\n    return s;")]
    [InlineData("        A();\n        B();\n    C();\n", "        A();\n        B();\n    C();")]
    [InlineData("    A();\n    B(1, 1, 1, 1, 1, 1, 1, 1, 1, 1", "    A();")]
    [InlineData("    if (x)\n    {\n        A();\n        B(", "    if (x)\n    {\n        A();\n    }")]
    public void Stops_where_the_block_ends(string written, string expected)
    {
        string text = "class A { void F()\n{\n    // add\n    Next();\n}\n}\n";
        ScriptedModel model = new(written + ScriptedModel.Endless);
        GenerationOutcome outcome = new CommentGenerator(model).Generate(new GenerationRequest("a.cs", text, 30));
        Assert.Equal("\n" + expected.Replace("        A();\n        B();\n    C();", "    A();\n    B();", StringComparison.Ordinal), outcome.Code?.Text);
    }

    [Theory]
    [InlineData("    for x in y:\n        a()\n    b()\n", "    for x in y:\n        a()")]
    [InlineData("    if x:\n        a()\n\n        b()\n    else:\n        c()\n    d()\n", "    if x:\n        a()\n\n        b()\n    else:\n        c()")]
    [InlineData("    x = 1\n    return x\n\n\ndef g():\n", "    x = 1\n    return x")]
    [InlineData("    x = 1\nreturn x\n", "    x = 1")]
    [InlineData("    @property\n    def f(self):\n        return 1\n\n    def g(self):\n", "    @property\n    def f(self):\n        return 1")]
    public void Stops_where_a_suite_ends(string written, string expected)
    {
        string text = "def f():\n    # add\n";
        GenerationOutcome outcome = new CommentGenerator(new ScriptedModel(written + ScriptedModel.Endless)).Generate(new GenerationRequest("a.py", text, 15));
        Assert.Equal("\n" + expected, outcome.Code?.Text);
    }

    [Fact]
    public void A_long_answer_is_cut_after_a_whole_line()
    {
        string written = string.Concat(Enumerable.Range(0, 400).Select(i => $"x{i} = compute({i})\n"));
        ScriptedModel model = new(written + ScriptedModel.Endless);
        string code = new CommentGenerator(model).Generate(new GenerationRequest("a.py", "# add\n", 3)).Code!.Text;
        Assert.InRange(model.Tokenizer.Encode(code).Length, 50, 165);
        Assert.All(code[1..].Split('\n'), l => Assert.Matches(@"^x\d+ = compute\(\d+\)$", l));
    }

    [Fact]
    public void The_gap_is_under_the_comment()
    {
        ScriptedModel model = new("    a();");
        new CommentGenerator(model).Generate(new GenerationRequest("a.cs", "{\n    // add\n    b();\n}\n", 10));
        Assert.Contains("<|fim_prefix|>{\n    // add\n<|fim_suffix|>\n    b();\n}\n<|fim_middle|>", model.Prompts[0], StringComparison.Ordinal);
    }
}
