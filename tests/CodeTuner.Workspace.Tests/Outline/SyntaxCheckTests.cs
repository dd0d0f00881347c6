using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;
using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Tests.Outline;

public class SyntaxCheckTests
{
    public static TheoryData<Language> Languages => new(Samples.Languages);

    [Theory]
    [MemberData(nameof(Languages))]
    public void RealCodeIsValid(Language language) => Assert.True(SyntaxCheck.IsValid(language, Samples.Of(language)));

    [Theory]
    [InlineData(Language.CSharp, "class A { int F() => 1; }", true)]
    [InlineData(Language.CSharp, "#error stop\nclass A { }", true)]
    [InlineData(Language.CSharp, "class A { int F() => ; }", false)]
    [InlineData(Language.CSharp, "class A {", false)]
    [InlineData(Language.TypeScript, "const a = `${b`;", false)]
    [InlineData(Language.TypeScript, "const a = [1, 2);", false)]
    [InlineData(Language.TypeScript, "const a = ;", false)]
    [InlineData(Language.TypeScript, "const a = 'x", false)]
    [InlineData(Language.TypeScript, "const f = <T>(x: T) => x < 1 && 2 > x;", true)]
    [InlineData(Language.JavaScript, "const a = <p>Don't {`}`}</p>;", true)]
    [InlineData(Language.JavaScript, "const a = (<p><b></p>);", false)]
    [InlineData(Language.JavaScript, "a.replace(/['\"(]/g, '')", true)]
    [InlineData(Language.JavaScript, "const url = 'http://a'; /* open", false)]
    [InlineData(Language.Python, "def f():\n    return (1,\n2)\n", true)]
    [InlineData(Language.Python, "def f():\nreturn 1\n", false)]
    [InlineData(Language.Python, "def f()\n    return 1\n", false)]
    [InlineData(Language.Python, "if x:\n    y\n  z\n", false)]
    [InlineData(Language.Python, "x = 1\n    y = 2\n", false)]
    [InlineData(Language.Python, "x = \n", false)]
    [InlineData(Language.Python, "x = '''a\nb'''\n", true)]
    [InlineData(Language.Python, "if x:\n    pass\n# end\nelse:\n    pass\n", true)]
    [InlineData(Language.Python, "class A: ...\nfrom a import *\nx: int\ndef f(*, a): return lambda: a\n", true)]
    [InlineData(Language.Python, "if x:\n", false)]
    [InlineData(Language.Python, "x = a ? b : c\n", false)]
    [InlineData(Language.Java, "class A { char c = '\"'; String s = \"\\\"\"; }", true)]
    [InlineData(Language.Java, "class A { void f() { }", false)]
    [InlineData(Language.Go, "var a = `\n{`", true)]
    [InlineData(Language.Go, "var a = \"\n\"", false)]
    [InlineData(Language.Rust, "fn f<'a>(x: &'a str) { let c = '\\u{1F600}'; }", true)]
    [InlineData(Language.Rust, "fn f() { r#\"}\" }", false)]
    [InlineData(Language.C, "#ifdef A\nint f() {\n#else\nint g() {\n#endif\n}", true)]
    [InlineData(Language.C, "#define X \"a\\\n}\nint a;", true)]
    [InlineData(Language.C, "int f() { return 1; }}", false)]
    [InlineData(Language.Cpp, "auto s = R\"a()\")a\"; int n = 1'0;", true)]
    [InlineData(Language.Cpp, "auto s = R\"a()b\";", false)]
    public void Cases(Language language, string text, bool expected) => Assert.Equal(expected, SyntaxCheck.IsValid(language, text));

    /// <summary>
    /// Taking any one bracket out of valid code makes it invalid, wherever the bracket is code. In a preprocessor branch it may not:
    /// the other branch then is the one that balances.
    /// </summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public void EveryBracketMatters(Language language)
    {
        var text = Samples.Of(language);
        var brackets = LexedText.Of(language, text).Code
            .Where(t => t.Symbol is '(' or ')' or '[' or ']' or '{' or '}' && !text.AsSpan(0, t.Start).EndsWith("int wide(long a) "))
            .ToList();
        Assert.True(brackets.Count > 10);
        foreach (var bracket in brackets)
            Assert.False(SyntaxCheck.IsValid(language, text.Remove(bracket.Start, 1)), text[bracket.Start..Math.Min(text.Length, bracket.Start + 30)]);
    }
}
