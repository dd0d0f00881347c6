using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Workspace.Tests.Outline;

public class SyntacticUnitsTests
{
    private const string Script = "/** Doc. */\nfunction f(a, b) {\n  const x = g(a, h(b)), y = 2; // why\n  if (x) {\n    return x\n      .y(1);\n  }\n}\n";
    private const string Python = "def f(a):\n    \"\"\"Doc.\"\"\"\n    for i in a:\n        x = g(i,\n              k=1)\n        y = x, 2\n    return x == 1\n";

    [Theory]
    [InlineData(Language.JavaScript, Script, SyntacticUnitKind.FunctionBody, "const x = g(a, h(b)), y = 2; // why\n  if (x) {\n    return x\n      .y(1);\n  }")]
    [InlineData(Language.JavaScript, Script, SyntacticUnitKind.Block, "return x\n      .y(1);")]
    [InlineData(Language.JavaScript, Script, SyntacticUnitKind.Line, "function f(a, b) {|const x = g(a, h(b)), y = 2;|if (x) {|return x\n      .y(1);")]
    [InlineData(Language.JavaScript, Script, SyntacticUnitKind.Arguments, "a, b|a, h(b)|b|1")]
    [InlineData(Language.JavaScript, Script, SyntacticUnitKind.Expression, "g(a, h(b))|2|x\n      .y(1)")]
    [InlineData(Language.JavaScript, Script, SyntacticUnitKind.DocComment, "/** Doc. */")]
    [InlineData(Language.Python, Python, SyntacticUnitKind.FunctionBody,
        "\"\"\"Doc.\"\"\"\n    for i in a:\n        x = g(i,\n              k=1)\n        y = x, 2\n    return x == 1")]
    [InlineData(Language.Python, Python, SyntacticUnitKind.Block, "x = g(i,\n              k=1)\n        y = x, 2")]
    [InlineData(Language.Python, Python, SyntacticUnitKind.Line,
        "def f(a):|\"\"\"Doc.\"\"\"|for i in a:|x = g(i,\n              k=1)|y = x, 2|return x == 1")]
    [InlineData(Language.Python, Python, SyntacticUnitKind.Expression, "g(i,\n              k=1)|1|x, 2|x == 1")]
    [InlineData(Language.Python, Python, SyntacticUnitKind.DocComment, "\"\"\"Doc.\"\"\"")]
    [InlineData(Language.CSharp, "class A { int F(int a) { var s = new B { C = a }; return s.C + 1; } }", SyntacticUnitKind.Expression,
        "new B { C = a }|a|s.C + 1")]
    [InlineData(Language.CSharp, "class A\n{\n    int F(int a) => G(a);\n}\n", SyntacticUnitKind.FunctionBody, "G(a)")]
    [InlineData(Language.Go, "func f() {\n\tx := a(1)\n\treturn x\n}\n", SyntacticUnitKind.Expression, "a(1)|x")]
    [InlineData(Language.Rust, "fn f() {\n    let x = if a { 1 } else { 2 };\n}\n", SyntacticUnitKind.Expression, "if a { 1 } else { 2 }")]
    [InlineData(Language.C, "int f(void)\n{\n    int a = 1;\n    return a;\n}\n", SyntacticUnitKind.Line, "int f(void)|int a = 1;|return a;")]
    public void Units(Language language, string text, SyntacticUnitKind kind, string expected)
    {
        var units = SyntacticUnits.Of(language, text, OutlineParser.Parse(language, text)).Where(u => u.Kind == kind);
        Assert.Equal(expected, string.Join('|', units.Select(u => text[u.Span.Start..u.Span.End])));
    }

    [Theory]
    [InlineData(SyntacticBoundKind.Line, "    k=1)")]
    [InlineData(SyntacticBoundKind.Statement, "    return")]
    [InlineData(SyntacticBoundKind.Declaration, "def h")]
    public void BoundsFindTheNextStart(SyntacticBoundKind kind, string expectedLine)
    {
        const string text = "import a\n\ndef f(a):\n    x = g(i,\n    k=1)\n    return x\n\n\ndef h():\n    pass\n# end";
        var bounds = SyntacticBounds.Of(Language.Python, text, OutlineParser.Parse(Language.Python, text));
        var inside = text.IndexOf("x = g", StringComparison.Ordinal) + 1;
        Assert.Equal(text.IndexOf(expectedLine, StringComparison.Ordinal), bounds.AtOrAfter(inside, kind));
        var before = kind == SyntacticBoundKind.Declaration ? "def f" : "    x = g";
        Assert.Equal(text.IndexOf(before, StringComparison.Ordinal), bounds.AtOrBefore(inside, kind));
    }

    [Fact]
    public void ThePromptsEndsTakeTheCoarsestBoundInReach()
    {
        const string text = "def f():\n    a = 1\n    b = 2\n\ndef g():\n    c = 3\n";
        var bounds = SyntacticBounds.Of(Language.Python, text, OutlineParser.Parse(Language.Python, text));
        var at = text.IndexOf("a = 1", StringComparison.Ordinal) + 2;
        Assert.Equal(text.IndexOf("def g", StringComparison.Ordinal), bounds.Begin(at, 100));
        Assert.Equal(text.IndexOf("    b", StringComparison.Ordinal), bounds.Begin(at, 10));
        Assert.Equal(at, bounds.Begin(at, 1));
        Assert.Equal(0, bounds.Finish(at, 100));
        Assert.Equal(text.IndexOf("    a", StringComparison.Ordinal), bounds.Finish(at, 8));
        Assert.Equal(at, bounds.Finish(at, 2));
    }

    [Theory]
    [InlineData(Language.CSharp, "var total = items.Sum(i => i.Price); // note", "total items Sum i i Price")]
    [InlineData(Language.CSharp, "} string s = \"text\"; if (a", "s a")]
    [InlineData(Language.TypeScript, "const a = `x ${b.c} y`; return a as any", "a b c a as any")]
    [InlineData(Language.Python, "for x in f'{y}': print(x) # z", "x print x")]
    [InlineData(Language.Java, "int x = this.y;", "x y")]
    [InlineData(Language.Go, "x := nil; y(x)", "x y x")]
    [InlineData(Language.Rust, "let r#type: &'a str = b\"x\";", "r#type str")]
    [InlineData(Language.C, "#define A b\nunsigned x = y->z;", "x y z")]
    [InlineData(Language.Cpp, "std::vector<int> größe;", "std vector größe")]
    public void IdentifiersLeaveOutKeywordsStringsAndComments(Language language, string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Identifiers.Of(language, text)));
}
