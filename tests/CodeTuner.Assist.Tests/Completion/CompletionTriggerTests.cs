using CodeTuner.Assist.Completion;
using CodeTuner.Assist.Tests.Fakes;

namespace CodeTuner.Assist.Tests.Completion;

public class CompletionTriggerTests
{
    [Theory]
    [InlineData("int x = ¦", TriggerDecision.AskAfterPause)]
    [InlineData("var na¦", TriggerDecision.AskAfterPause)]
    [InlineData("¦", TriggerDecision.AskAfterPause)]
    [InlineData("f(¦)", TriggerDecision.AskAfterPause)]
    [InlineData("s = \"some ¦\"", TriggerDecision.AskAfterPause)]
    [InlineData("// some ¦", TriggerDecision.AskAfterPause)]
    [InlineData("if (x) ¦", TriggerDecision.AskAfterPause)]
    [InlineData("x = ¦name", TriggerDecision.AskAfterPause)]
    [InlineData("{\n    ¦\n}", TriggerDecision.AskAtOnce)]
    [InlineData("{\r\n¦", TriggerDecision.AskAtOnce)]
    [InlineData("na¦me", TriggerDecision.NotInWord)]
    [InlineData("na¦_me", TriggerDecision.NotInWord)]
    [InlineData("größ¦enordnung", TriggerDecision.NotInWord)]
    [InlineData("𝑥¦𝑦", TriggerDecision.NotInWord)]
    [InlineData("f(x)¦", TriggerDecision.NotBehindClosingBracket)]
    [InlineData("x[0]¦;", TriggerDecision.NotBehindClosingBracket)]
    [InlineData("{\n}¦", TriggerDecision.NotBehindClosingBracket)]
    [InlineData("a\r¦\nb", TriggerDecision.NotInCharacter)]
    public void Decides_by_the_place(string marked, TriggerDecision expected)
    {
        (string text, int at) = Caret.Of(marked);
        Assert.Equal(expected, CompletionTrigger.Decide(text[..at], text[at..]));
        TriggerDecision asked = expected == TriggerDecision.NotInCharacter ? expected : TriggerDecision.AskAtOnce;
        Assert.Equal(asked, CompletionTrigger.Decide(text[..at], text[at..], isExplicit: true, hasSelection: true));
    }

    [Fact]
    public void Does_not_ask_inside_a_character() => Assert.Equal(TriggerDecision.NotInCharacter, CompletionTrigger.Decide("\ud83d", "\ude00", isExplicit: true));

    [Fact]
    public void Does_not_ask_with_a_selection() => Assert.Equal(TriggerDecision.NotWithSelection, CompletionTrigger.Decide("x = ", "", hasSelection: true));
}
