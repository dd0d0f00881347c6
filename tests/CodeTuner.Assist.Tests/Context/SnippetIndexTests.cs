using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Similarity;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Assist.Tests.Context;

public class SnippetIndexTests
{
    private const string Orders = "total = Sum(order.Lines, tax, discount);\nship(order.Address);\n";
    private const string Birds = "fly(wing, feather, nest);\nsing(song, beak, tree);\n";

    [Fact]
    public void Finds_what_uses_the_same_names_the_best_last()
    {
        SnippetIndex index = Index(("a.cs", Orders), ("b.cs", Orders + "pay(invoice, bank, account, money);"), ("c.cs", Birds));
        Assert.Equal(["b.cs", "a.cs"], Find(index, "here.cs", Orders));
        Assert.Equal(["a.cs"], index.Find("here.cs", Language.CSharp, Orders, 1).Select(s => s.Path));
        Assert.Equal(1, index.Find("here.cs", Language.CSharp, Orders, 1)[0].Similarity);
        Assert.Equal(Orders, index.Find("here.cs", Language.CSharp, Orders, 1)[0].Text);
    }

    [Fact]
    public void Leaves_out_the_own_file_other_languages_and_what_is_not_alike()
    {
        SnippetIndex index = Index(("a.cs", Orders), ("c.cs", Birds));
        Assert.Equal([], Find(index, "a.cs", Orders));
        Assert.Empty(index.Find("here.ts", Language.TypeScript, Orders, 5));
        Assert.Equal([], Find(index, "here.cs", "nothing of this is anywhere"));
        Assert.Equal([], Find(index, "here.cs", "1 + 2"));
    }

    [Fact]
    public void Weighs_files()
    {
        SnippetIndex index = Index(("a.cs", Orders), ("b.cs", Orders + "pay(invoice, bank);"));
        Dictionary<string, double> weights = new() { ["b.cs"] = 2 };
        Assert.Equal("b.cs", index.Find("here.cs", Language.CSharp, Orders, 2, weights)[^1].Path);
    }

    [Fact]
    public void Cuts_windows_of_twenty_lines()
    {
        string text = string.Concat(Enumerable.Range(0, 45).Select(i => $"call{i}(alpha{i}, beta{i});\n"));
        SnippetIndex index = Index(("a.cs", text));
        string found = index.Find("here.cs", Language.CSharp, "call12(alpha15, beta28, call29, alpha20, beta11, call17, alpha22)", 1)[0].Text;
        Assert.Equal((20, true), (found.Count(c => c == '\n'), found.StartsWith("call10(", StringComparison.Ordinal)));
    }

    [Fact]
    public void Depends_only_on_what_is_there_now()
    {
        Gen<(string Path, string? Text)> edits =
            from path in Gen.Elements("a.cs", "b.cs", "c.cs", "d.cs")
            from words in Gen.Elements("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "\n", "eta", "theta").ListOf()
            from remove in Gen.Choose(0, 3)
            select (path, remove == 0 ? null : string.Join(' ', words));
        Check.QuickThrowOnFailure(Prop.ForAll(edits.ListOf().ToArbitrary(), steps =>
        {
            SnippetIndex changed = new();
            Dictionary<string, string> now = [];
            foreach ((string path, string? text) in steps)
            {
                if (text is null)
                {
                    changed.Remove(path);
                    now.Remove(path);
                }
                else
                {
                    changed.Set(path, Language.CSharp, text);
                    now[path] = text;
                }
            }

            SnippetIndex fresh = Index([.. now.OrderByDescending(n => n.Key).Select(n => (n.Key, n.Value))]);
            foreach (string around in (string[])["alpha beta gamma", "delta epsilon zeta eta", "theta alpha"])
                Assert.Equal(fresh.Find("x.cs", Language.CSharp, around, 3), changed.Find("x.cs", Language.CSharp, around, 3));
            Assert.Equal(fresh.WindowCount, changed.WindowCount);
        }));
    }

    [Fact]
    public void May_be_asked_while_it_changes()
    {
        SnippetIndex index = Index(("a.cs", Orders));
        Parallel.For(0, 200, i =>
        {
            if (i % 3 == 0)
                index.Set($"{i % 7}.cs", Language.CSharp, Orders + Birds);
            else if (i % 3 == 1)
                index.Remove($"{i % 7}.cs");
            else
                Assert.Contains("a.cs", Find(index, "here.cs", Orders));
        });
    }

    private static SnippetIndex Index(params (string Path, string Text)[] documents)
    {
        SnippetIndex index = new();
        foreach ((string path, string text) in documents)
            index.Set(path, Language.CSharp, text);
        return index;
    }

    private static string[] Find(SnippetIndex index, string path, string around) =>
        [.. index.Find(path, Language.CSharp, around, 10).Select(s => s.Path)];
}
