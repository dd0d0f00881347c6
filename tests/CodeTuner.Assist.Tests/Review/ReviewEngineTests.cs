using CodeTuner.Assist.Review;
using CodeTuner.Assist.Tests.Fakes;
using CodeTuner.Workspace.History;

namespace CodeTuner.Assist.Tests.Review;

public class ReviewEngineTests
{
    private const string Code = """
        class A
        {
            int Sum(int[] values, int limit)
            {
                int sum = 0;
                foreach (int value in values)
                {
                    if (value < limit)
                        sum += value;
                }
                return limit;
            }
        }
        """;

    private static readonly LineRange[] All = [new(0, 100)];

    [Fact]
    public void A_surprising_line_is_reported_with_what_the_model_would_write()
    {
        ScriptedModel model = Model("return limit;", "        return sum;");
        ReviewSuggestion found = Assert.Single(new ReviewEngine(model).Review(new ReviewRequest("a.cs", Code, [new(10, 11)])));
        Assert.Equal(new LineRange(10, 11), found.Lines);
        Assert.Equal("        return limit;", found.Current);
        Assert.Equal("        return sum;", found.Replacement);
        Assert.Equal(3, found.Surprise, 3);
        Assert.Equal(0.1, found.ReplacementSurprise, 3);
        Assert.Equal("`limit` is unusual here. Going by the rest of this code, `sum` is expected.", found.Reason);
    }

    [Fact]
    public void A_word_in_the_middle_is_found_by_its_own_gap()
    {
        // Only the gap of the surprising word gives the right answer; the whole line would be another one.
        string broken = Code.Replace("value < limit", "value < sum", StringComparison.Ordinal);
        ScriptedModel model = new(prompt => prompt.EndsWith("if (value <", StringComparison.Ordinal) && prompt.Contains("<|fim_suffix|>)", StringComparison.Ordinal) ? " limit" : "        while (true)")
        {
            LogProbability = -0.1f,
            Scored = (_, line) => line.Contains("value < sum", StringComparison.Ordinal) ? -3f : -0.1f,
            TokenScored = (_, text) => text.Trim() == "sum" ? -9f : null,
        };
        ReviewSuggestion found = Assert.Single(new ReviewEngine(model).Review(new ReviewRequest("a.cs", broken, [new(7, 8)])));
        Assert.Equal("            if (value < limit)", found.Replacement);
    }

    // What the model would write instead of "        return limit;".
    [Theory]
    [InlineData("        return  limit ;")]
    [InlineData("")]
    [InlineData("        ")]
    [InlineData("        return;")]
    [InlineData("        return sum")]
    [InlineData("        return (sum;")]
    [InlineData("        return total;")]
    [InlineData("        return 0;")]
    [InlineData("        return \"limit\";")]
    [InlineData("        return null;")]
    [InlineData("        foreach (int value in values) sum += value;")]
    [InlineData("        return sum; // limit")]
    [InlineData("        return limit;")]
    public void What_a_replacement_must_not_be(string replacement) =>
        Assert.Empty(new ReviewEngine(Model("return limit;", replacement)).Review(new ReviewRequest("a.cs", Code, [new(10, 11)])));

    [Fact]
    public void A_name_that_later_lines_use_stays()
    {
        ScriptedModel model = Model("int sum = 0;", "        int limit = 0;");
        Assert.Empty(new ReviewEngine(model).Review(new ReviewRequest("a.cs", Code, [new(4, 5)])));
    }

    [Fact]
    public void Strings_stay_as_they_are()
    {
        string text = "class A { string password = \"old\";\n    string other = password;\n    string third = other;\n}";
        ScriptedModel model = Model("string password", "class A { string password = \"sk-live-Zx81mQpLr02\";");
        Assert.Empty(new ReviewEngine(model).Review(new ReviewRequest("a.cs", text, All)));
    }

    [Theory]
    [InlineData(-2.5f, -0.1f, -0.1f, true)]
    [InlineData(-0.9f, -0.1f, -0.1f, false)] // not surprising
    [InlineData(-2.5f, -2.4f, -0.1f, false)] // hardly better
    [InlineData(-9f, -4f, -0.1f, false)] // better, and still strange
    [InlineData(-2.5f, -0.1f, -2f, false)] // only a guess
    public void It_speaks_only_where_the_model_is_surprised_and_sure(float line, float replacement, float sureness, bool speaks)
    {
        ScriptedModel model = new("        return sum;")
        {
            LogProbability = sureness,
            Scored = (_, text) => text.Contains("limit", StringComparison.Ordinal) ? line : replacement,
        };
        Assert.Equal(speaks, new ReviewEngine(model).Review(new ReviewRequest("a.cs", Code, [new(10, 11)])).Count == 1);
    }

    [Theory]
    [InlineData("a.cs", "using System;\nnamespace X;\n\n// note\n/* more */ \n{\n}\nint x = Count();\n    \"only words\"\n", new[] { 7 })]
    [InlineData("a.py", "import os\nfrom a import b\n# note\ndef f():\n    \"\"\"Long\n    words.\n    \"\"\"\n    return g(1)\n", new[] { 3, 7 })]
    [InlineData("a.ts", "import x from 'y';\nexport * from 'z';\nconst a = require('b');\nconst c = a.d();\n});\n", new[] { 3 })]
    [InlineData("a.go", "package a\nimport \"fmt\"\nx := f(y)\n", new[] { 2 })]
    [InlineData("a.rs", "use std::io;\nmod a;\nlet x = y.z();\n", new[] { 2 })]
    [InlineData("a.c", "#include <a.h>\nint x = y();\n", new[] { 1 })]
    [InlineData("A.java", "package a.b;\nimport c.D;\nint x = y();\n", new[] { 2 })]
    [InlineData("a.txt", "int x = y();\n", new int[0])]
    public void Only_lines_of_code_are_judged(string path, string text, int[] expected)
    {
        List<string> judged = [];
        ScriptedModel model = new("") { Scored = (_, line) => { judged.Add(line); return -0.1f; } };
        new ReviewEngine(model).Review(new ReviewRequest(path, text, All));
        Assert.Equal(expected.Select(l => text.Split('\n')[l]), judged);
    }

    [Fact]
    public void Of_many_lines_the_most_surprising_are_judged_and_of_those_the_first_few_rewritten()
    {
        string text = string.Concat(Enumerable.Range(0, 300).Select(i => $"call_{i}(value, limit)\n"));
        ScriptedModel model = new("call_1(value, limit)")
        {
            Scored = (_, _) => -2f,
            LeftToRight = line => line.Contains("call_25", StringComparison.Ordinal) ? -5f : -1f,
        };
        new ReviewEngine(model, new ReviewOptions { MaxLines = 12, MaxProposals = 3 }).Review(new ReviewRequest("a.py", text, [new(0, 300)]));
        Assert.Equal(11, model.Judged.Take(12).Count(l => l.Contains("call_25", StringComparison.Ordinal)));
        Assert.Equal(12, model.Judged.Distinct().Take(12).Count());
        Assert.InRange(model.Prompts.Count, 3, 3 * 5);
    }

    [Fact]
    public void Dismissed_lines_are_left_alone_wherever_they_move()
    {
        ReviewSuggestion found = Assert.Single(new ReviewEngine(Model("return limit;", "        return sum;")).Review(new ReviewRequest("a.cs", Code, All)));
        bool IsDismissed(string fingerprint) => fingerprint == found.Fingerprint;
        string moved = "// a new line\n" + Code.Replace("        return limit;", "            return  limit;", StringComparison.Ordinal);
        Assert.Empty(new ReviewEngine(Model("limit;", "            return sum;")).Review(new ReviewRequest("a.cs", moved, All), IsDismissed));
        Assert.Single(new ReviewEngine(Model("limit;", "            return sum;")).Review(new ReviewRequest("b.cs", moved, All), IsDismissed));
    }

    [Fact]
    public void It_can_be_cancelled_between_lines()
    {
        using CancellationTokenSource source = new();
        int judged = 0;
        ScriptedModel model = new("")
        {
            Scored = (_, _) =>
            {
                if (++judged == 3)
                    source.Cancel();
                return -0.1f;
            },
        };
        Assert.Throws<OperationCanceledException>(() => new ReviewEngine(model).Review(new ReviewRequest("a.cs", Code, All), null, source.Token));
        Assert.Equal(3, judged);
    }

    [Fact]
    public void Line_ends_of_either_kind_are_no_part_of_a_line()
    {
        string windows = Code.Replace("\n", "\r\n", StringComparison.Ordinal);
        ReviewSuggestion found = Assert.Single(new ReviewEngine(Model("return limit;", "        return sum;")).Review(new ReviewRequest("a.cs", windows, All)));
        Assert.Equal("        return limit;", found.Current);
    }

    // Everything is probable but the line that holds some words.
    private static ScriptedModel Model(string surprising, string answer) => new(answer)
    {
        LogProbability = -0.1f,
        Scored = (_, line) => line.Contains(surprising, StringComparison.Ordinal) ? -3f : -0.1f,
    };
}
