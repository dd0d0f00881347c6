using CodeTuner.Assist.Context;
using CodeTuner.Models.Generation;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Tests.Context;

public class WorkspaceContextTests
{
    private const string Code = "var total = Sum(order.Lines, tax, discount);\nShip(order.Address, carrier);\n";

    [Fact]
    public void Shows_similar_code_and_the_headers_of_what_is_used()
    {
        WorkspaceContext context = new();
        context.Set("similar.cs", Language.CSharp, Code);
        context.Set("carrier.cs", Language.CSharp, "/// <summary>Brings it.</summary>\npublic class Carrier\n{\n    public void Ship(Place to)\n    {\n        Go();\n    }\n}\n");
        IReadOnlyList<ContextSnippet> found = Find(context, Code, "");
        Assert.Equal(["similar.cs", "carrier.cs"], found.Select(f => f.Path));
        Assert.Equal("public void Ship(Place to)\n", found[1].Text);
    }

    [Fact]
    public void Does_not_change_while_a_line_is_typed()
    {
        WorkspaceContext context = new();
        for (int i = 0; i < 6; i++)
            context.Set($"{i}.cs", Language.CSharp, $"class C{i}\n{{\n    void M{i}()\n    {{\n        {Code} call{i}(a{i}, b{i});\n    }}\n}}\n");
        const string Line = "        call4(a4, b4); M5(); C3 x; ";
        IReadOnlyList<ContextSnippet> before = Find(context, Code, "\n}");
        Assert.NotEmpty(before);
        for (int i = 0; i <= Line.Length; i++)
        {
            context.Changed("here.cs", Language.CSharp, () => throw new InvalidOperationException("Nobody asked for this file's own text."));
            Assert.Equal(before, Find(context, Code + Line[..i], "\n}"));
        }
    }

    [Fact]
    public void Prefers_files_that_are_open_or_were_edited()
    {
        WorkspaceContext context = new();
        foreach (string path in (string[])["a.cs", "b.cs", "c.cs", "d.cs"])
            context.Set(path, Language.CSharp, Code);
        Assert.Equal(["b.cs", "a.cs"], Paths());
        context.Opened("c.cs");
        Assert.Equal(["a.cs", "c.cs"], Paths());
        context.Changed("d.cs", Language.CSharp, () => Code);
        Assert.Equal(["d.cs", "c.cs"], Paths());
        context.Closed("c.cs");
        Assert.Equal(["a.cs", "d.cs"], Paths());

        string[] Paths() => [.. Find(context, Code, "").Select(f => f.Path)];
    }

    [Fact]
    public void Sees_edits_of_other_files_once_it_is_asked()
    {
        WorkspaceContext context = new();
        context.Changed("a.cs", Language.CSharp, () => Code);
        Assert.Equal(["a.cs"], Find(context, Code, "").Select(f => f.Path));
        context.Remove("a.cs");
        Assert.Empty(Find(context, Code, ""));
    }

    [Fact]
    public void Forgets_the_oldest_where_there_is_too_much()
    {
        WorkspaceContext context = new(mostCharacters: Code.Length * 2);
        foreach (string path in (string[])["a.cs", "b.cs", "c.cs"])
            context.Set(path, Language.CSharp, Code);
        Assert.Equal(["c.cs", "b.cs"], Find(context, Code, "").Select(f => f.Path));
        context.Remove("b.cs");
        Assert.Equal(["c.cs"], Find(context, Code, "").Select(f => f.Path));
    }

    [Fact]
    public void Keeps_nothing_of_unknown_languages()
    {
        WorkspaceContext context = new();
        context.Set("a.txt", Language.Unknown, Code);
        Assert.Empty(Find(context, Code, ""));
        Assert.Empty(context.Find("here.txt", Language.Unknown, Code, ""));
    }

    private static IReadOnlyList<ContextSnippet> Find(WorkspaceContext context, string prefix, string suffix) =>
        context.Find("here.cs", Language.CSharp, prefix, suffix);
}
