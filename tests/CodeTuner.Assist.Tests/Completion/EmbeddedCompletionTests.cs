using CodeTuner.Assist.Completion;
using CodeTuner.Assist.Context;
using CodeTuner.Assist.Tests.Fakes;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Tests.Completion;

/// <summary>With the model that the repository ships.</summary>
public sealed class EmbeddedCompletionTests(EmbeddedModel embedded) : IClassFixture<EmbeddedModel>
{
    private const string Before =
        "using System;\n\nnamespace Shop;\n\npublic class Order\n{\n    private readonly List<Item> items = new List<Item>();\n\n    public int Count\n    {\n        get { return items.Count; }\n    }\n\n    public void Add(Item item)\n    {\n        items.Add(item);\n    }\n\n    public void Remove(Item item)\n    {\n        ";

    private const string After = "\n    }\n}\n";

    [Fact]
    public void Says_something_that_is_worth_showing()
    {
        ConfidenceThreshold threshold = new();
        List<CompletionResult> results = [.. new[] { "items.R", "return ", "" }.Select(Complete)];
        Assert.Contains(results, r => r.Text.Length > 0 && threshold.Shows(r.LogProbability));
        Assert.All(results, r => Assert.InRange(r.LogProbability, -20, 0));
    }

    [Fact]
    public void Reads_the_rest_of_a_prompt_from_the_cache_while_a_line_is_typed()
    {
        WorkspaceContext context = new();
        context.Set("Basket.cs", Language.CSharp, Before.Replace("Order", "Basket", StringComparison.Ordinal) + "items.Remove(item);" + After);
        CompletionEngine engine = new(embedded.Model, "shop", context);
        engine.Complete(new CompletionRequest("Order.cs", Before + "items.", After));
        CompletionResult second = engine.Complete(new CompletionRequest("Order.cs", Before + "items.R", After));

        // Two files of 75 tokens: all but what is typed of the line.
        Assert.True(second.ReusedPromptTokens > 140, $"Only {second.ReusedPromptTokens} tokens were cached.");
    }

    [Fact]
    public void Stops_when_it_is_told_to()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();
        CompletionEngine engine = new(embedded.Model);
        Assert.ThrowsAny<OperationCanceledException>(() => engine.Complete(new CompletionRequest("Order.cs", Before, After), stop.Token));
        Assert.Equal(Complete("return ").Text, engine.Complete(new CompletionRequest("Order.cs", Before + "return ", After)).Text);
    }

    private CompletionResult Complete(string typed) => new CompletionEngine(embedded.Model).Complete(new CompletionRequest("Order.cs", Before + typed, After));
}
