using CodeTuner.Models.Tokenizers.Normalization;

namespace CodeTuner.Models.Tests.Tokenizers;

public class CanonicalCompositionTests
{
    [Theory]
    [InlineData("e\u0301", "\u00e9")]
    [InlineData("\u212b", "\u00c5")] // the Ångström sign is only ever decomposed
    [InlineData("\u1112\u1161\u11ab", "\ud55c")]
    [InlineData("\uac00\u11a8", "\uac01")]
    [InlineData("a\u0327\u0301", "\u00e1\u0327")] // a mark of another class in between does not block
    [InlineData("a\u0301\u0327", "\u00e1\u0327")]
    [InlineData("\u0958", "\u0915\u093c")] // excluded from composition
    [InlineData("\ufb01", "\ufb01")] // a compatibility ligature stays
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u0301", "\u0301")]
    [InlineData("", "")]
    public void Gives_form_c(string text, string wanted) =>
        Assert.Equal(wanted, string.Concat(CanonicalComposition.Normalize([.. text.EnumerateRunes()])));
}
