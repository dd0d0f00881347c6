using CodeTuner.Assist.Completion;
using CodeTuner.Assist.Statistics;
using CodeTuner.Assist.Tests.Fakes;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Assist.Tests.Completion;

public class CompletionSessionTests
{
    private readonly ManualTime time = new();
    private readonly ConfidenceThreshold threshold = new();
    private readonly CompletionStatistics statistics;
    private readonly CompletionSession session;
    private readonly List<CompletionRequest> asked = [];
    private CompletionResult result = new("Foo(a);", 3, 10, -0.3, 0);

    public CompletionSessionTests()
    {
        statistics = new CompletionStatistics(null, time);
        session = new CompletionSession(Source, threshold, statistics, time);
    }

    [Fact]
    public async Task Asks_after_a_pause_and_then_answers_from_the_cache()
    {
        CompletionAnswer first = (await Typed("x = ¦"))!;
        Assert.Equal(("Foo(a);", 4, 4, false), (first.Text, first.Start, first.End, first.FromCache));
        CompletionAnswer second = (await Typed("x = Fo¦"))!;
        Assert.Equal((first.Id, "o(a);", 6, true), (second.Id, second.Text, second.Start, second.FromCache));
        Assert.Single(asked);
    }

    [Fact]
    public async Task A_key_during_the_pause_stops_the_question()
    {
        using CancellationTokenSource stop = new();
        Task<CompletionAnswer?> question = session.AskAsync(Query("x = ¦"), stop.Token);
        Assert.Equal(1, time.Waiting);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => question);
        Assert.Empty(asked);
    }

    [Theory]
    [InlineData("{\n    ¦\n}", false)]
    [InlineData("x = ¦", true)]
    public async Task Does_not_wait_on_a_new_line_or_when_asked_by_a_key(string marked, bool isExplicit)
    {
        Task<CompletionAnswer?> question = session.AskAsync(Query(marked) with { IsExplicit = isExplicit });
        Assert.Equal(0, time.Waiting);
        Assert.NotNull(await question);
    }

    [Fact]
    public async Task Does_not_ask_where_the_place_is_wrong()
    {
        Assert.Null(await session.AskAsync(Query("f(x)¦")));
        Assert.Null(await session.AskAsync(Query("x = ¦") with { HasSelection = true }));
        Assert.Empty(asked);
        Assert.NotNull(await session.AskAsync(Query("f(x)¦") with { IsExplicit = true }));
    }

    [Fact]
    public async Task Holds_back_a_guess_unless_asked_by_a_key()
    {
        result = result with { LogProbability = -8 };
        threshold.Answered(-0.1);
        threshold.Answered(-0.1);
        Assert.Null(await Typed("x = ¦"));
        Assert.Equal("Foo(a);", (await session.AskAsync(Query("x = ¦") with { IsExplicit = true }))?.Text);
        Assert.Single(asked);
    }

    [Fact]
    public async Task Asks_once_where_there_is_nothing_to_say_unless_by_a_key()
    {
        result = result with { Text = "" };
        Assert.Null(await Typed("x = ¦"));
        Assert.Null(await session.AskAsync(Query("x = ¦")));
        Assert.Single(asked);
        result = result with { Text = "1;" };
        Assert.Equal("1;", (await session.AskAsync(Query("x = ¦") with { IsExplicit = true }))?.Text);
    }

    [Fact]
    public async Task Honours_what_the_completion_list_has_selected()
    {
        result = result with { Text = "(a);" };
        (string text, int offset) = Caret.Of("x = obj.Fo¦;");
        CompletionQuery query = new("a.cs", text, offset) { Selected = new SelectedCompletion(8, 10, "FooBar"), IsExplicit = true };
        CompletionAnswer answer = (await session.AskAsync(query))!;
        Assert.Equal(("FooBar(a);", 8, 10), (answer.Text, answer.Start, answer.End));
        Assert.Equal(("x = obj.FooBar", ";"), (asked[0].Prefix, asked[0].Suffix));
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(int.MaxValue)]
    public async Task Moves_a_cursor_outside_the_text_into_it(int offset)
    {
        CompletionAnswer answer = (await session.AskAsync(new CompletionQuery("a.cs", "x = ", offset) { IsExplicit = true }))!;
        Assert.Equal(offset < 0 ? 0 : 4, answer.Start);
    }

    [Fact]
    public void Answers_can_always_be_inserted()
    {
        Gen<(string Text, string Said, int Offset, int Start, int End, bool IsExplicit)> queries =
            from text in CompletionEngineTests.Texts()
            from said in CompletionEngineTests.Texts()
            from offset in Gen.Choose(-3, text.Length + 3)
            from start in Gen.Choose(-3, text.Length + 3)
            from end in Gen.Choose(-3, text.Length + 3)
            from isExplicit in Gen.Elements(true, false)
            select (Text: text, Said: said, Offset: offset, Start: start, End: end, IsExplicit: isExplicit);
        Check.QuickThrowOnFailure(Prop.ForAll(queries.ToArbitrary(), async query =>
        {
            CompletionEngine engine = new(new ScriptedModel(query.Said));
            CompletionSession real = new((request, stop) => Task.FromResult(engine.Complete(request, stop)), threshold, statistics, time);
            foreach (SelectedCompletion? selected in (SelectedCompletion?[])[null, new SelectedCompletion(query.Start, query.End, "item")])
            {
                Task<CompletionAnswer?> question = real.AskAsync(
                    new CompletionQuery("a.py", query.Text, query.Offset) { IsExplicit = query.IsExplicit, Selected = selected });
                time.Advance(500);
                if (await question is not { } answer)
                    continue;
                string after = query.Text.Remove(answer.Start, answer.End - answer.Start).Insert(answer.Start, answer.Text);
                Assert.Equal(query.Text.Length - (answer.End - answer.Start) + answer.Text.Length, after.Length);
                Assert.InRange(Math.Clamp(query.Offset, 0, query.Text.Length), answer.Start, answer.End);
                real.Shown(answer.Id);
                CompletionRequest next = Assert.IsType<CompletionRequest>(real.Accepted(answer.Id));
                Assert.StartsWith(after[..(answer.Start + answer.Text.Length)], next.Prefix, StringComparison.Ordinal);
            }
        }));
    }

    [Fact]
    public async Task Prefetches_the_next_line_after_an_accept()
    {
        CompletionAnswer answer = (await Typed("{\n    x = ¦\n}"))!;
        session.Shown(answer.Id);
        CompletionRequest next = session.Accepted(answer.Id)!;
        Assert.Equal(("{\n    x = Foo(a);\n    ", "\n}"), (next.Prefix, next.Suffix));
        result = result with { Text = "Bar();" };
        await session.PrefetchAsync(next);
        Assert.Equal(2, asked.Count);
        CompletionAnswer served = (await session.AskAsync(Query("{\n    x = Foo(a);\n    ¦\n}")))!;
        Assert.Equal(("Bar();", true), (served.Text, served.FromCache));
        Assert.NotEqual(answer.Id, served.Id);
        Assert.Equal(2, asked.Count);
        Assert.Null(session.Accepted(answer.Id)); // once
    }

    [Fact]
    public async Task Uses_what_was_prefetched_during_the_pause()
    {
        Task<CompletionAnswer?> question = session.AskAsync(Query("x = ¦"));
        await session.PrefetchAsync(new CompletionRequest("a.cs", "x = ", ""));
        time.Advance(500);
        Assert.True((await question)?.FromCache);
        Assert.Single(asked);
    }

    [Theory]
    [InlineData("if (x) {¦", true, "if (x) {\n    ")]
    [InlineData("\tif (x) {¦", true, "\tif (x) {\n\t\t")]
    [InlineData("a;\r\n  b;¦\r\n", true, "a;\r\n  b;\r\n  ")]
    [InlineData("f(¦)", true, "f(")]
    [InlineData("a = b¦", false, "a = b")]
    public void Guesses_where_one_writes_on(string marked, bool isWhole, string expected)
    {
        (string text, int at) = Caret.Of(marked);
        Assert.Equal(expected, NextPlace.After("a.cs", text, at, isWhole).Prefix);
    }

    [Fact]
    public async Task Counts_what_becomes_of_answers()
    {
        CompletionAnswer first = (await Typed("x = ¦"))!;
        session.Shown(first.Id);
        session.Shown(first.Id); // once
        session.PartiallyAccepted(first.Id, 3);
        session.PartiallyAccepted(first.Id, 5);
        session.Accepted(first.Id);

        result = result with { Text = "Bar();" };
        CompletionAnswer second = (await Typed("y = ¦"))!;
        session.Shown(second.Id);
        time.Advance(1000);
        CompletionAnswer third = (await Typed("z = ¦"))!; // the second was read and passed over
        session.Shown(third.Id);
        time.Advance(10);
        session.Dismissed(third.Id); // before it could be read

        CompletionCounts counts = statistics.Counts;
        Assert.Equal((3, 1, 0, 1, 7), (counts.Shown, counts.Accepted, counts.PartiallyAccepted, counts.Dismissed, counts.CharactersAccepted));
        Assert.Equal(3, counts.Latency.Count());
    }

    [Fact]
    public async Task Typing_an_answer_out_is_no_refusal()
    {
        CompletionAnswer answer = (await Typed("x = ¦"))!;
        session.Shown(answer.Id);
        time.Advance(1000);
        await Typed("x = Foo(a);¦");
        Assert.Equal(0, statistics.Counts.Dismissed);
    }

    [Fact]
    public async Task Forgets_answers_of_another_model()
    {
        await Typed("x = ¦");
        session.Reset();
        await Typed("x = ¦");
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public void Passes_over_ids_it_does_not_know()
    {
        session.Shown("9");
        session.Dismissed("9");
        session.PartiallyAccepted("", 4);
        Assert.Null(session.Accepted("9"));
        Assert.Equal(0, statistics.Counts.Shown);
    }

    private static CompletionQuery Query(string marked)
    {
        (string text, int offset) = Caret.Of(marked);
        return new CompletionQuery("a.cs", text, offset);
    }

    private async Task<CompletionAnswer?> Typed(string marked)
    {
        Task<CompletionAnswer?> question = session.AskAsync(Query(marked));
        time.Advance(500);
        return await question;
    }

    private Task<CompletionResult> Source(CompletionRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        asked.Add(request);
        return Task.FromResult(result);
    }
}
