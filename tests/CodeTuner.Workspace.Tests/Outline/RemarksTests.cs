using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Workspace.Tests.Outline;

public class RemarksTests
{
    // The comments, each in angle brackets, block comments in double ones.
    [Theory]
    [InlineData(Language.CSharp, "int x; // a \"b\"\n/* c */ string s = \"// d\";\n/// <summary>e</summary>\n", "‹// a \"b\"› «/* c */» ‹/// <summary>e</summary>›")]
    [InlineData(Language.CSharp, "#if X\n// in\n#endif\r\n// out\r\n", "‹// out›")]
    [InlineData(Language.Python, "x = '# no' # yes\r\n\"\"\"doc\"\"\"\n", "‹# yes›")]
    [InlineData(Language.TypeScript, "const u = `// no ${x /* yes */}`; // end", "«/* yes */» ‹// end›")]
    [InlineData(Language.Go, "x := \"//\" // a\n", "‹// a›")]
    [InlineData(Language.Rust, "/* a /* b */ c */ let x = 1; /// d\n", "«/* a /* b */ c */» ‹/// d›")]
    [InlineData(Language.C, "/* open", "«/* open»")]
    [InlineData(Language.Unknown, "// a\n", "")]
    public void Finds_comments(Language language, string text, string expected) => Assert.Equal(
        expected,
        string.Join(' ', Remarks.Comments(language, text).Select(c => (c.IsBlock ? "«" : "‹") + text[c.Span.Start..c.Span.End] + (c.IsBlock ? "»" : "›"))));

    [Theory]
    [InlineData(Language.CSharp, "f(\"a\", 'b', @\"c\"\"d\"); // \"no\"", "\"a\"|'b'|@\"c\"\"d\"")]
    [InlineData(Language.Python, "f('a', \"b\") # 'no'", "'a'|\"b\"")]
    [InlineData(Language.JavaScript, "f('a', /b+/)", "'a'|/b+/")]
    [InlineData(Language.Unknown, "'a'", "")]
    public void Finds_strings(Language language, string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Remarks.Strings(language, text).Select(s => text[s.Start..s.End])));
}
