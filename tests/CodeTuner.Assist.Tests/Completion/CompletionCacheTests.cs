using CodeTuner.Assist.Completion;
using CodeTuner.Assist.Tests.Fakes;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Assist.Tests.Completion;

public class CompletionCacheTests
{
    [Theory]
    [InlineData("x = ¦", "Foo(a);", "x = ¦", "Foo(a);")]
    [InlineData("x = ¦", "Foo(a);", "x = Fo¦", "o(a);")] // typed through
    [InlineData("x = ¦", "Foo(a);", "x = Fa¦", null)]
    [InlineData("x = ¦", "Foo(a);", "x = Foo(a);¦", null)] // all of it
    [InlineData("x = ¦", "Foo(a);", "x ¦", "= Foo(a);")] // deleted
    [InlineData("y;\nx = ¦", "Foo(a);", "y;¦", null)] // more than the line
    [InlineData("x = ¦", "Foo(a);", "y = ¦", null)]
    [InlineData("x = ¦\nz", "Foo(a);", "x = ¦\ny", null)]
    [InlineData("x = ¦", "Foo(a);", "x = Foo(¦)", "a")] // the editor closed the bracket
    [InlineData("x = ¦;", "Foo(a)", "x = Foo(¦);", "a")]
    [InlineData("x = ¦", "Foo(\"a\");", "x = Foo(\"¦\")", "a")]
    [InlineData("{\n    ¦\n}", "A();\n    B();", "{\n    A();\n    ¦\n}", "B();")] // through a line's end
    [InlineData("x = ¦", "", "x = ¦", "")] // nothing to say is an answer too
    [InlineData("x = ¦", "", "x =¦", null)]
    public void Serves_what_is_left(string answered, string text, string asked, string? expected)
    {
        CompletionCache cache = new();
        cache.Add(Request(answered), new CompletionResult(text, 3, 1, -0.5, 0));
        Assert.Equal(expected, cache.Find(Request(asked))?.Text);
        Assert.Null(cache.Find(Request(asked) with { Path = "other.cs" }));
    }

    [Fact]
    public void Gives_the_rest_of_an_answer_after_any_of_its_beginnings()
    {
        Gen<string> texts = CompletionEngineTests.Texts();
        Check.QuickThrowOnFailure(Prop.ForAll(texts.ToArbitrary(), texts.ToArbitrary(), texts.ToArbitrary(), (prefix, suffix, answer) =>
        {
            CompletionCache cache = new();
            cache.Add(new CompletionRequest("a.cs", prefix, suffix), new CompletionResult(answer, 1, 1, -1, 0));
            for (int typed = 0; typed < answer.Length; typed++)
                Assert.Equal(answer[typed..], cache.Find(new CompletionRequest("a.cs", prefix + answer[..typed], suffix))?.Text);
            int lineStart = prefix.LastIndexOfAny(['\n', '\r']) + 1;
            for (int deleted = 1; answer.Length > 0 && deleted <= Math.Min(200, prefix.Length - lineStart); deleted++)
                Assert.Equal(prefix[^deleted..] + answer, cache.Find(new CompletionRequest("a.cs", prefix[..^deleted], suffix))?.Text);
        }));
    }

    [Fact]
    public void Keeps_a_few_and_forgets_the_oldest()
    {
        CompletionCache cache = new(capacity: 3);
        for (int i = 0; i < 5; i++)
        {
            cache.Add(Request($"x{i} = ¦"), new CompletionResult($"{i};", 1, 1, -1, 0));
            Assert.NotNull(cache.Find(Request("x0 = ¦"))); // what is used stays
        }

        Assert.Equal(3, cache.Count);
        Assert.Null(cache.Find(Request("x1 = ¦")));
        cache.Add(Request("x0 = ¦"), new CompletionResult("new;", 1, 1, -1, 0));
        Assert.Equal((3, "new;"), (cache.Count, cache.Find(Request("x0 = ¦"))?.Text));
        cache.Clear();
        Assert.Null(cache.Find(Request("x0 = ¦")));
    }

    [Fact]
    public void Holds_in_long_documents()
    {
        CompletionCache cache = new();
        string before = string.Concat(Enumerable.Repeat("some line of code();\n", 2000)), after = before;
        cache.Add(new CompletionRequest("a.cs", before + "x = ", after), new CompletionResult("Foo();", 1, 1, -1, 0));
        Assert.Equal("oo();", cache.Find(new CompletionRequest("a.cs", before + "x = F", after))?.Text);
        Assert.Equal("= Foo();", cache.Find(new CompletionRequest("a.cs", before + "x ", after))?.Text);
        Assert.Null(cache.Find(new CompletionRequest("a.cs", before + "y = ", after)));
    }

    private static CompletionRequest Request(string marked)
    {
        (string text, int at) = Caret.Of(marked);
        return new CompletionRequest("a.cs", text[..at], text[at..]);
    }
}
