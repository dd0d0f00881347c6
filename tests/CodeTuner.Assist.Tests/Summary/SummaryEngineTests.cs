using CodeTuner.Assist.Summary;
using CodeTuner.Assist.Tests.Fakes;
using CodeTuner.Models.Generation;

namespace CodeTuner.Assist.Tests.Summary;

public class SummaryEngineTests
{
    // A path, a document with a cursor, what the model writes, the summary, and the document after the insertion.
    public static TheoryData<string, string, string, string, string> Declarations => new()
    {
        {
            "a.cs", "class A\n{\n    int Su¦m(int[] v)\n    {\n        return 0;\n    }\n}\n", " Adds all values.", "Adds all values.",
            "class A\n{\n    /// <summary>\n    /// Adds all values.\n    /// </summary>\n    int Sum(int[] v)\n    {\n        return 0;\n    }\n}\n"
        },
        {
            "a.cs", "[Serializable]\r\npublic cla¦ss A\r\n{\r\n}\r\n", " Holds a List<T> & more of them.", "Holds a List<T> & more of them.",
            "/// <summary>\r\n/// Holds a List&lt;T&gt; &amp; more of them.\r\n/// </summary>\r\n[Serializable]\r\npublic class A\r\n{\r\n}\r\n"
        },
        {
            "a.py", "class A:\n    def total(self):\n        x = 1¦\n        return x\n", "Adds all values.", "Adds all values.",
            "class A:\n    def total(self):\n        \"\"\"Adds all values.\"\"\"\n        x = 1\n        return x\n"
        },
        {
            "a.py", "def to¦tal(v): return sum(v)\n", "Adds all values.", "Adds all values.",
            "def total(v):\n    \"\"\"Adds all values.\"\"\"\n    return sum(v)\n"
        },
        {
            "a.ts", "export function to¦tal(v: number[]) {\n  return 0;\n}\n", " Adds all values.", "Adds all values.",
            "/**\n * Adds all values.\n */\nexport function total(v: number[]) {\n  return 0;\n}\n"
        },
        {
            "a.js", "class A {\n\ttotal(v) {\n\t\treturn ¦0;\n\t}\n}\n", " Adds all values.", "Adds all values.",
            "class A {\n\t/**\n\t * Adds all values.\n\t */\n\ttotal(v) {\n\t\treturn 0;\n\t}\n}\n"
        },
        {
            "A.java", "class A {\n    @Override\n    public int to¦tal() { return 0; }\n}\n", " Adds all values.", "Adds all values.",
            "class A {\n    /**\n     * Adds all values.\n     */\n    @Override\n    public int total() { return 0; }\n}\n"
        },
        { "a.go", "package a\n\nfunc To¦tal(v []int) int {\n\treturn 0\n}\n", " adds all values.", "Total adds all values.", "package a\n\n// Total adds all values.\nfunc Total(v []int) int {\n\treturn 0\n}\n" },
        { "a.rs", "pub fn to¦tal(v: &[i32]) -> i32 {\n    0\n}\n", " Adds all values.", "Adds all values.", "/// Adds all values.\npub fn total(v: &[i32]) -> i32 {\n    0\n}\n" },
        { "a.c", "int to¦tal(int *v) {\n    return 0;\n}\n", " Adds all */ values.", "Adds all", "/**\n * Adds all\n */\nint total(int *v) {\n    return 0;\n}\n" },
        { "a.cpp", "int to¦tal(int *v) {\n    return 0;\n}\n", " Adds all values.", "Adds all values.", "/**\n * Adds all values.\n */\nint total(int *v) {\n    return 0;\n}\n" },
    };

    [Theory]
    [MemberData(nameof(Declarations))]
    public void Summarizes_and_inserts_in_the_languages_own_form(string path, string marked, string written, string summary, string inserted)
    {
        (string text, int offset) = Caret.Of(marked);
        DeclarationSummary? found = Engine(new ScriptedModel(written)).Summarize(new SummaryRequest(path, text, offset));
        Assert.Equal(summary, found?.Text);
        Assert.Equal(inserted, found!.Insertion!.Apply(text));
    }

    [Theory]
    [MemberData(nameof(Declarations))]
    public void The_gap_stands_where_the_insertion_will(string path, string marked, string written, string summary, string inserted)
    {
        (string text, int offset) = Caret.Of(marked);
        ScriptedModel model = new(written);
        Engine(model).Summarize(new SummaryRequest(path, text, offset));
        string prompt = model.Prompts[0];
        string prefix = Between(prompt, "<|fim_prefix|>", "<|fim_suffix|>") + prompt[(prompt.IndexOf("<|fim_middle|>", StringComparison.Ordinal) + 14)..];
        string suffix = Between(prompt, "<|fim_suffix|>", "<|fim_middle|>");
        Assert.Equal(Unified(Escaped(path, inserted)), Unified(prefix + Spaced(path, written, summary) + suffix));

        static string Unified(string s) => s.Replace("\r\n", "\n", StringComparison.Ordinal);

        // The insertion may keep less than the model wrote.
        string Escaped(string p, string s) => p.EndsWith(".cs", StringComparison.Ordinal) ? s.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal) : s;

        static string Spaced(string p, string w, string s) => (p.EndsWith(".py", StringComparison.Ordinal) ? "" : " ") + (p.EndsWith(".go", StringComparison.Ordinal) ? w.Trim() : s);
    }

    // A path, a document with a cursor, the name of what is meant, and which part the cursor is in.
    [Theory]
    [InlineData("a.cs", "class A { void F() { int x = ¦1; } }", "F", DeclarationPart.Body)]
    [InlineData("a.cs", "class A { void ¦F() { } }", "F", DeclarationPart.Name)]
    [InlineData("a.cs", "class A { vo¦id F() { } }", "F", DeclarationPart.Header)]
    [InlineData("a.cs", "class A { ¦  void F() { } }", "A", DeclarationPart.Body)]
    [InlineData("a.py", "def f():\n    def g():\n        pass¦\n", "g", DeclarationPart.Body)]
    [InlineData("a.go", "func (s *S) Ge¦t() int { return 1 }\n", "Get", DeclarationPart.Name)]
    [InlineData("a.cs", "using X;\n¦\nclass A { }", null, DeclarationPart.Name)]
    [InlineData("a.txt", "class A { ¦ }", null, DeclarationPart.Name)]
    [InlineData("a.cs", "¦", null, DeclarationPart.Name)]
    public void Finds_the_innermost_declaration(string path, string marked, string? name, DeclarationPart part)
    {
        (string text, int offset) = Caret.Of(marked);
        SummaryTarget? target = SummaryTarget.Find(new SummaryRequest(path, text, offset));
        Assert.Equal(name, target?.Node.Name);
        if (name is not null)
            Assert.Equal(part, target!.Part);
    }

    [Fact]
    public void The_key_is_the_declarations_own()
    {
        string Key(string path, string text) => SummaryTarget.Find(new SummaryRequest(path, text, text.IndexOf("F(", StringComparison.Ordinal)))!.SummaryKey;
        string key = Key("a.cs", "class A { void F() {\n } }");
        Assert.Equal(key, Key("b/c.cs", "// moved\nclass B { int x; void F() {\n } }"));
        Assert.Equal(key, Key("a.cs", "class A { void F() {\r\n } }"));
        Assert.NotEqual(key, Key("a.cs", "class A { void F() {\n  } }"));
        Assert.NotEqual(key, Key("a.java", "class A { void F() {\n } }"));
    }

    [Theory]
    [InlineData("a.cs", "/// <summary>Old words.</summary>\nclass A¦\n{\n}\n")]
    [InlineData("a.py", "def f¦():\n    \"\"\"Old words.\"\"\"\n    return 1\n")]
    public void A_doc_comment_is_neither_shown_to_the_model_nor_doubled(string path, string marked)
    {
        (string text, int offset) = Caret.Of(marked);
        ScriptedModel model = new(" New words say more.");
        DeclarationSummary? summary = Engine(model).Summarize(new SummaryRequest(path, text, offset));
        Assert.Equal("New words say more.", summary?.Text);
        Assert.True(summary!.Target.IsDocumented);
        Assert.Null(summary.Insertion);
        Assert.DoesNotContain("Old words", model.Prompts[0], StringComparison.Ordinal);
        Assert.Contains(path == "a.py" ? "return 1" : "class A", model.Prompts[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_model_only_guesses_is_not_shown()
    {
        SummaryRequest request = new("a.cs", "class A { }", 7);
        Assert.Null(new SummaryEngine(new ScriptedModel(" Holds all values.") { LogProbability = -4 }).Summarize(request));
        Assert.NotNull(new SummaryEngine(new ScriptedModel(" Holds all values.") { LogProbability = -1 }).Summarize(request));
    }

    [Fact]
    public void What_would_do_for_another_declaration_as_well_is_not_shown()
    {
        SummaryRequest request = new("a.cs", "class Apple { }\n\nclass Pear { }", 7);
        ScriptedModel model = new(" Holds a value.", " Grows on a tree.")
        {
            Scored = (prompt, middle) => middle.Contains("tree", StringComparison.Ordinal) && prompt.Contains("Apple", StringComparison.Ordinal) ? -0.2f : -1f,
        };
        DeclarationSummary? summary = new SummaryEngine(model).Summarize(request);
        Assert.Equal("Grows on a tree.", summary?.Text);
        Assert.Equal(0.8, summary!.Relevance, 3);
        Assert.Null(new SummaryEngine(new ScriptedModel(" Holds a value.")).Summarize(request));
    }

    [Fact]
    public void A_declaration_in_the_middle_of_a_line_gets_no_insertion() =>
        Assert.Null(Engine(new ScriptedModel(" Adds all values.")).Summarize(new SummaryRequest("a.cs", "class A { void F() { } }", 15)));

    [Fact]
    public void The_declaration_is_in_the_prompt_even_behind_a_long_file()
    {
        string before = string.Concat(Enumerable.Range(0, 3000).Select(i => $"def f{i}():\n    return {i}\n\n"));
        ScriptedModel model = new("Adds all values.");
        Engine(model).Summarize(new SummaryRequest("a.py", before + "def target():\n    return special_value\n", before.Length + 5));
        Assert.Contains("special_value", model.Prompts[0], StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        using CancellationTokenSource source = new();
        ScriptedModel model = new(_ =>
        {
            source.Cancel();
            return " Adds all values.";
        });
        Assert.Throws<OperationCanceledException>(() => Engine(model).Summarize(new SummaryRequest("a.cs", "class A { }", 7), source.Token));
    }

    private static SummaryEngine Engine(LanguageModel model) => new(model) { LeastRelevance = -1 };

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }
}
