using CodeTuner.Assist.Completion;
using CodeTuner.Assist.Tests.Fakes;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Assist.Tests.Completion;

/// <summary>What is kept of what a model says: a place, its words, what is to insert.</summary>
public class CompletionEngineTests
{
    public static TheoryData<string, string, string, string> Lines => new()
    {
        // A line ends at its end, whatever the model goes on to say.
        { "a.cs", "int x = ¦", "1;\nint y = 2;", "1;" },
        { "a.cs", "int x = ¦", "1;   \n", "1;" },
        { "a.cs", "int x = ¦\nint z;", "\n\nint y;", "" },
        { "a.cs", "int x = ¦", "", "" },

        // What the line closes behind the cursor is not closed before it.
        { "a.cs", "f(¦)", "a, b)", "a, b" },
        { "a.cs", "f(¦);", "a, b);", "a, b" },
        { "a.cs", "f(¦);", "g(a);", "g(a)" },
        { "a.cs", "f(¦);", "g(a));", "g(a)" },
        { "a.cs", "f(¦)", "g(a)", "g(a)" },
        { "a.cs", "x[¦]", "i] = 1", "i" },
        { "a.cs", "f(¦)", "\":)\" + \")\")", "\":)\" + \")\"" },
        { "a.ts", "const a = { b: ¦ };", "1 };", "1" },
        { "a.cs", "f(\"¦\")", "text\")", "text" },
        { "a.cs", "f(\"¦\");", "it\");", "it" },
        { "a.py", "print('¦')", "it')", "it" },

        { "a.cs", "f(¦, b)", "a, c)", "a, c" },
        { "a.cs", "f(g(x¦)", ", y))", ", y)" },
        { "a.cs", "f(g(x¦);", ", y));", ", y)" },
        { "a.cs", "f(g(x¦", ", y));", ", y));" },
        { "a.cs", "f(\"a\", \"¦\");", "b\", c);", "b" },

        // Nor is what stands there said again.
        { "a.cs", "var ¦ = Compute(1);", "total = Compute(1);", "total" },
        { "a.cs", "return ¦ + offset;", "start + offset;", "start" },
        { "a.cs", "x = name¦me.y", "me", "me" },
        { "a.cs", "Foo();\n¦\nBar(1);", "Bar(1);", "" },
        { "a.cs", "Foo(1);\n¦\n", "Foo(1);", "" },
        { "a.cs", "Foo(1);\nFo¦\n", "o(1);", "" },
        { "a.cs", "{\n    {\n        x();\n    ¦\n}\n", "}", "}" },

        // Circles are cut.
        { "a.cs", "x = ¦", "f(a, f(a, f(a, f(a, f(a, ", "f(a, f" },
        { "a.cs", "// ¦", "------------------------", "------------------------" },
    };

    public static TheoryData<string, string, string, string> Blocks => new()
    {
        // Several lines in an empty block: until the dedent, a blank line, what follows, or the same again.
        { "a.cs", "void F()\n{\n    ¦\n}\n", "    A();\n    B();\n}\nvoid G()", "A();\n    B();" },
        { "a.cs", "void F()\n{\n    ¦\n}\n", "    A();\n\n    B();\n", "A();" },
        { "a.cs", "void F()\n{\n    ¦\n}\n", "    A();\n    A();\n    A();\n", "A();" },
        { "a.cs", "void F()\n{\n    ¦\n}\n", "    if (a)\n    {\n        B();\n    }\n    C();\n}\n", "if (a)\n    {\n        B();\n    }\n    C();" },
        { "a.cs", "void F() {\n    ¦\n}\n", "    A(); }\n", "A();" },
        { "a.py", "def f():\n    ¦\n\n\ndef g():\n    pass\n", "    a = 1\n    return a\n\ndef h():", "a = 1\n    return a" },
        { "a.py", "def f():\n    ¦\n\n\ndef g():\n    pass\n", "    a = 1\nb = 2\n", "a = 1" },
        { "a.py", "def f():\n¦", "    a = 1\n    b = 2\nc = 3\n", "    a = 1\n    b = 2" },

        // A block that is cut inside another goes back to where it is whole.
        { "a.cs", "void F()\n{\n    ¦\n}\n", "    A();\n    if (b)\n    {\n        C();\n\n        D();\n    }\n", "A();\n    if (b)" },

        // One line where the block has something already, or where no block is.
        { "a.cs", "void F()\n{\n    ¦\n    B();\n}\n", "    A();\n    C();\n}", "A();" },
        { "a.cs", "void F()\n{\n    A();\n    ¦\n}\n", "    B();\n    C();\n}", "B();" },
        { "a.cs", "void F()\n{\n    x¦\n}\n", " = 1;\n    y = 2;", " = 1;" },

        // The file's own line ends and indentation.
        { "a.cs", "void F()\r\n{\r\n    ¦\r\n}\r\n", "    A();\n    B();\n}", "A();\r\n    B();" },
        { "a.cs", "class C\n{\n\tint a;\n\tint b;\n\tvoid F()\n\t{\n\t\t¦\n\t}\n}\n", "        if (a)\n            B();\n        C();\n    }", "if (a)\n\t\t\tB();\n\t\tC();" },
        { "a.ts", "class C {\n  a = 1;\n  f() {\n    ¦\n  }\n}\n", "    if (a) {\n        b();\n    }\n  }", "if (a) {\n      b();\n    }" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    [MemberData(nameof(Blocks))]
    public void Keeps_what_fits_the_place(string path, string marked, string said, string expected) =>
        Assert.Equal(expected, Complete(path, marked, said).Text);

    [Fact]
    public void Says_nothing_inside_a_character_or_line_end()
    {
        Assert.Equal("", Complete("a.cs", "ab\r¦\ncd", "text").Text);
        Assert.Equal("", Complete("a.cs", "a = \"\ud83d¦\ude00\"", "text").Text);
    }

    [Fact]
    public void Ends_with_the_line_once_time_is_up()
    {
        ManualTime time = new();
        ScriptedModel model = new(_ =>
        {
            time.Advance(600);
            return "    A();\n    B();\n    C();\n}";
        });
        CompletionEngine engine = new(model, options: new CompletionOptions { TimeBudget = TimeSpan.FromMilliseconds(500) }, time: time);
        Assert.Equal("A();", engine.Complete(Request("a.cs", "void F()\n{\n    ¦\n}\n")).Text);
    }

    [Fact]
    public void Keeps_as_many_lines_as_it_may()
    {
        string said = string.Concat(Enumerable.Range(0, 9).Select(i => $"    Call{i}();\n"));
        Assert.Equal(3, Complete("a.cs", "void F()\n{\n    ¦\n}\n", said, new CompletionOptions { MaxLines = 3 }).Text.Split('\n').Length);
        Assert.Equal("Call0();", Complete("a.cs", "void F()\n{\n    ¦\n}\n", said, new CompletionOptions { MaxLines = 1 }).Text);
    }

    [Fact]
    public void Leaves_out_the_line_that_there_was_no_room_for()
    {
        CompletionResult result = Complete("a.cs", "void F()\n{\n    ¦\n}\n", "    Alpha();\n    Beta(gamma, delta, epsilon", new CompletionOptions { BlockTokens = 14 });
        Assert.Equal("Alpha();", result.Text);
        Assert.False(result.IsWhole);
    }

    [Fact]
    public void Counts_the_confidence_of_what_is_kept()
    {
        ScriptedModel model = new("1;\n") { LogProbability = -0.25f };
        Assert.Equal(-0.25, new CompletionEngine(model).Complete(Request("a.cs", "int x = ¦")).LogProbability, 6);
        Assert.Equal(0, new CompletionEngine(new ScriptedModel("\n")).Complete(Request("a.cs", "int x = ¦")).LogProbability);
    }

    [Fact]
    public void Takes_any_text_at_any_place()
    {
        Gen<string> texts = Texts();
        Check.QuickThrowOnFailure(Prop.ForAll(texts.ToArbitrary(), texts.ToArbitrary(), texts.ToArbitrary(), (prefix, suffix, said) =>
        {
            foreach (string path in (string[])["a.cs", "b.py", "c.ts", "none"])
            {
                CompletionResult result = new CompletionEngine(new ScriptedModel(said)).Complete(new CompletionRequest(path, prefix, suffix));
                string rest = suffix.Split('\n', '\r')[0].Trim();
                if (rest.Any(char.IsLetterOrDigit) && !result.Text.Contains('\n', StringComparison.Ordinal))
                    Assert.False(result.Text.EndsWith(rest, StringComparison.Ordinal), $"\"{result.Text}\" repeats \"{rest}\".");
                Assert.DoesNotContain("\r\r", result.Text, StringComparison.Ordinal);
                Assert.Equal(result.Text.TrimEnd(), result.Text);
            }
        }));
    }

    [Fact]
    public void Never_says_what_stands_behind_the_cursor()
    {
        // A model that knows the suffix by heart, wherever the cursor is.
        const string Text = "class A\n{\n    int Sum(int first, int second) => Add(first, Negate(second));\n\n    void Go()\n    {\n        Run(new Job(\"a\", 1));\n    }\n}\n";
        for (int at = 0; at < Text.Length; at++)
        {
            (string prefix, string suffix) = (Text[..at], Text[at..]);
            string rest = suffix.Split('\n')[0].Trim();
            string said = new CompletionEngine(new ScriptedModel(suffix)).Complete(new CompletionRequest("a.cs", prefix, suffix)).Text;
            if (rest.Length > 0)
                Assert.False(said.EndsWith(rest, StringComparison.Ordinal), $"At {at}: \"{said}\" before \"{rest}\".");
        }
    }

    internal static Gen<string> Texts() => Gen.Elements(
        "a", "x.y", "return ", "(", ")", "{", "}", "[", "]", ";", ", ", "\"", "'", "`", ":", "\n", "\r\n", "\r", "\n\n", "    ", "\t", "  ", "foo(bar)", "// c",
        "\ud83d", "\ude00", "\ud83d\ude00", "é", "\0", "def f():", "if (a) {").ListOf().Select(parts => string.Concat(parts));

    private static CompletionResult Complete(string path, string marked, string said, CompletionOptions? options = null) =>
        new CompletionEngine(new ScriptedModel(said), options: options).Complete(Request(path, marked));

    private static CompletionRequest Request(string path, string marked)
    {
        (string text, int offset) = Caret.Of(marked);
        return new CompletionRequest(path, text[..offset], text[offset..]);
    }
}
