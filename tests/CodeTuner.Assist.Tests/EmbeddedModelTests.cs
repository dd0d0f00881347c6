using CodeTuner.Assist.Generation;
using CodeTuner.Assist.Review;
using CodeTuner.Assist.Summary;
using CodeTuner.Assist.Tests.Fakes;
using CodeTuner.Assist.Translation;
using CodeTuner.Workspace.History;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Tests;

/// <summary>The engines over the model that the repository ships: what they give has the right form, whatever the words are.</summary>
public class EmbeddedModelTests(EmbeddedModel embedded) : IClassFixture<EmbeddedModel>
{
    private const string CSharp = """
        using System.Collections.Generic;

        namespace Shop;

        public class OrderService
        {
            private readonly List<Order> orders = new();

            public Order FindById(int id)
            {
                // find the order in the list
                foreach (Order order in orders)
                {
                    if (order.Id == id)
                    {
                        return order;
                    }
                }

                return null;
            }

            public int Count()
            {
                return orders.Count;
            }
        }

        """;

    private const string Python = """
        class OrderService:
            def __init__(self):
                self.orders = []

            def find_by_id(self, id):
                # find the order in the list
                for order in self.orders:
                    if order.id == id:
                        return order
                return None

            def count(self):
                return len(self.orders)

        """;

    [Theory]
    [InlineData("Shop/OrderService.cs", CSharp, "FindById", "    /// <summary>")]
    [InlineData("shop/order_service.py", Python, "find_by_id", "        \"\"\"")]
    public void Summarizes_real_functions(string path, string text, string name, string start)
    {
        SummaryEngine engine = new(embedded.Model) { LeastConfidence = -20, LeastRelevance = -20 };
        DeclarationSummary? summary = engine.Summarize(new SummaryRequest(path, text, text.IndexOf(name, StringComparison.Ordinal)));
        Assert.NotNull(summary);
        Assert.DoesNotContain('\n', summary.Text);
        Assert.DoesNotContain("<|", summary.Text, StringComparison.Ordinal);
        Assert.StartsWith(start, summary.Insertion!.Text, StringComparison.Ordinal);
        Assert.True(CodeTuner.Workspace.Outline.SyntaxCheck.IsValid(LanguageTable.Of(path), summary.Insertion.Apply(text)));
        Assert.Equal(summary.Text, engine.Summarize(new SummaryRequest(path, text, text.IndexOf(name, StringComparison.Ordinal)))?.Text);
    }

    [Theory]
    [InlineData("Shop/OrderService.cs", CSharp, "        ")]
    [InlineData("shop/order_service.py", Python, "        ")]
    public void Code_from_a_comment_is_indented_as_the_comment(string path, string text, string indentation)
    {
        int comment = text.IndexOf("find the order", StringComparison.Ordinal);
        int lineEnd = text.IndexOf('\n', comment);
        int body = text.IndexOf("return null", StringComparison.Ordinal) is var at and > 0 ? at : text.IndexOf("        return None", StringComparison.Ordinal);
        string open = text[..lineEnd] + "\n" + (path.EndsWith(".cs", StringComparison.Ordinal) ? "    " + text[text.LastIndexOf("    ", body, StringComparison.Ordinal)..] : text[body..]);
        GenerationOutcome outcome = new CommentGenerator(embedded.Model).Generate(new GenerationRequest(path, open, comment));
        if (outcome.Code is not { } code)
        {
            Assert.Equal(NoCodeReason.NothingToSay, outcome.Reason);
            return;
        }

        Assert.Equal(lineEnd, code.Offset);
        Assert.All(code.Text[1..].Split('\n'), l => Assert.True(l.Length == 0 || l.StartsWith(indentation, StringComparison.Ordinal), l));
    }

    [Fact]
    public void A_review_runs_through_and_its_suggestions_are_about_changed_lines()
    {
        string changed = CSharp.Replace("order.Id == id", "order.Id != id", StringComparison.Ordinal);
        IReadOnlyList<LineRange> lines = LineChanges.Between(CSharp, changed);
        IReadOnlyList<ReviewSuggestion> found = new ReviewEngine(embedded.Model).Review(new ReviewRequest("Shop/OrderService.cs", changed, lines));
        Assert.Equal([new LineRange(13, 14)], lines);
        Assert.All(found, s => Assert.Equal(13, s.Lines.Start));
    }

    [Fact]
    public void Translates_a_real_file()
    {
        List<TranslationProgress> told = [];
        TranslationResult result = new Translator(embedded.Model).Translate(new TranslationRequest("shop/order_service.py", Python, Language.CSharp), told.Add);
        Assert.Equal("shop/OrderService.cs", result.Path);
        Assert.DoesNotContain("<|", result.Text, StringComparison.Ordinal);
        Assert.True(result.Text.Length == 0 || (result.Text.EndsWith('\n') && !result.Text.EndsWith("\n\n", StringComparison.Ordinal)));
        Assert.Equal(1, told[^1].Share);
        Assert.Equal(told.Select(t => t.Share).Order(), told.Select(t => t.Share));
    }

    [Fact]
    public void Everything_stops_when_it_is_cancelled()
    {
        using CancellationTokenSource soon = new();
        string longFile = string.Concat(Enumerable.Repeat(Python, 30));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new Translator(embedded.Model).Translate(new TranslationRequest("a.py", longFile, Language.Go), _ => soon.Cancel(), soon.Token));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new ReviewEngine(embedded.Model).Review(new ReviewRequest("a.py", longFile, [new LineRange(0, 300)]), cancellationToken: soon.Token));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new SummaryEngine(embedded.Model).Summarize(new SummaryRequest("a.py", longFile, 10), soon.Token));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new CommentGenerator(embedded.Model).Generate(new GenerationRequest("a.py", longFile, longFile.IndexOf('#') + 2), cancellationToken: soon.Token));
    }
}
