using CodeTuner.Assist.Context;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Tests.Context;

public class DefinitionIndexTests
{
    [Theory]
    [InlineData("a.cs", "/// <summary>Adds.</summary>\npublic class Adder : Base\n{\n    [Pure]\n    public int Add(int a,\n        int b) => a + b;\n    void Hidden() { }\n}\n", "Adder", "/// Adds.\npublic class Adder : Base\n    public int Add(int a, int b)\n    void Hidden()")]
    [InlineData("a.cs", "class C { public int Go(string s)\n{ return 1; } }", "Go", "public int Go(string s)")]
    [InlineData("a.cs", "public enum Colour\r\n{\r\n    Red,\r\n    Green,\r\n}\r\n", "Colour", "public enum Colour\n{\n    Red,\n    Green,\n}")]
    [InlineData("a.py", "class A(B):\n    \"\"\"Says it.\n\n    More.\n    \"\"\"\n\n    @property\n    def f(self, x: int) -> str:\n        return x\n", "A", "# Says it.\nclass A(B):\n    def f(self, x: int) -> str:")]
    [InlineData("a.ts", "/**\n * Makes one.\n */\nexport function make(a: string): Thing {\n  return a\n}\n", "make", "// Makes one.\nexport function make(a: string): Thing")]
    [InlineData("a.go", "package a\n\n// Open opens.\nfunc Open(name string) (*File, error) {\n\treturn nil, nil\n}\n", "Open", "// Open opens.\nfunc Open(name string) (*File, error)")]
    public void Shows_a_declaration_without_its_body(string path, string text, string name, string expected)
    {
        Language language = LanguageTable.Of(path);
        DefinitionIndex index = new();
        index.Set("lib/" + path, language, text);
        Assert.Equal(expected, Assert.Single(index.Find("lib/other", language, [], [name], 1000)).Text);
    }

    [Fact]
    public void Prefers_what_is_imported()
    {
        DefinitionIndex index = new();
        foreach (string folder in (string[])["a", "b", "c", "d", "e"])
            index.Set($"{folder}/util.ts", Language.TypeScript, $"export function load({folder}: string) {{\n  return 1\n}}\n");
        Assert.Equal("b/util.ts", Find("c/x.ts", "../b/util"));
        Assert.Equal("c/util.ts", Find("c/x.ts", "lodash"));
        Assert.Null(Find("x.ts", "lodash")); // five of that name, and nothing says which

        string? Find(string path, string from) =>
            index.Find(path, Language.TypeScript, [new ImportedModule(from, ["load"])], ["load"], 1000).SingleOrDefault()?.Path;
    }

    [Fact]
    public void Knows_namespaces()
    {
        DefinitionIndex index = new();
        for (int i = 0; i < 5; i++)
            index.Set($"{i}/T.cs", Language.CSharp, $"namespace N{i};\npublic class Thing\n{{\n    void F{i}() {{ }}\n}}\n");
        Assert.Equal("3/T.cs", index.Find("x.cs", Language.CSharp, ImportReader.Read(Language.CSharp, "using N3;\n"), ["Thing"], 1000).Single().Path);
    }

    [Fact]
    public void Leaves_out_what_the_file_declares_itself_and_what_does_not_fit()
    {
        DefinitionIndex index = new();
        index.Set("a.cs", Language.CSharp, "class Aaaa { void Fooo() { } }");
        index.Set("b.cs", Language.CSharp, "class Aaaa { void Barr() { } }");
        Assert.DoesNotContain(index.Find("b.cs", Language.CSharp, [], ["Aaaa", "Fooo"], 1000), d => d.Name == "Aaaa");
        Assert.Empty(index.Find("c.cs", Language.CSharp, [], ["Aaaa"], 5));
        Assert.Empty(index.Find("c.py", Language.Python, [], ["Aaaa"], 1000));
    }

    [Fact]
    public void Follows_edits_and_removals()
    {
        DefinitionIndex index = new();
        index.Set("a.cs", Language.CSharp, "class Old { }");
        index.Set("a.cs", Language.CSharp, "class New { }");
        Assert.Empty(index.Find("c.cs", Language.CSharp, [], ["Old"], 1000));
        Assert.Single(index.Find("c.cs", Language.CSharp, [], ["New"], 1000));
        index.Remove("a.cs");
        index.Remove("a.cs");
        Assert.Equal(0, index.Count);
    }

    [Fact]
    public void Keeps_its_order_wherever_the_cursor_is()
    {
        DefinitionIndex index = new();
        index.Set("a.cs", Language.CSharp, "class Alpha { }\nclass Beta { }");
        index.Set("b.cs", Language.CSharp, "class Gamma { }");
        var one = index.Find("c.cs", Language.CSharp, [], ["Gamma", "Beta", "Alpha"], 1000);
        Assert.Equal(["Alpha", "Beta", "Gamma"], one.Select(d => d.Name));
        Assert.Equal(one, index.Find("c.cs", Language.CSharp, [], ["Alpha", "Gamma", "Beta"], 1000));
    }
}
