using CodeTuner.Assist.Summary;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Tests.Summary;

public class SummaryTextTests
{
    [Theory]
    [InlineData(Language.CSharp, " Gets the <see cref=\"T:Acme.Order\"/> of <paramref name=\"id\"/>.", "Gets the Acme.Order of id.")]
    [InlineData(Language.CSharp, " Gets <c>null</c> or the order &amp; its lines.</summary>", "Gets null or the order & its lines.")]
    [InlineData(Language.CSharp, " First line\n    /// second line.\n    /// </summary>\n    int x;", "First line second line.")]
    [InlineData(Language.CSharp, " Reads a file.\n    int Count;", "Reads a file.")]
    [InlineData(Language.Java, " Reads {@code bytes} of {@link Source the source}.\n * @param x the x", "Reads bytes of Source the source.")]
    [InlineData(Language.Java, " Reads a file.\n *\n * More about it.", "Reads a file.")]
    [InlineData(Language.TypeScript, " Reads a file. */ function x() {}", "Reads a file.")]
    [InlineData(Language.Python, "Reads a file.\n\n    Args:\n        path: where", "Reads a file.")]
    [InlineData(Language.Python, "Reads a file.\n    Returns:\n        text", "Reads a file.")]
    [InlineData(Language.Python, "Reads a file.\"\"\"\n    return open(path)", "Reads a file.")]
    [InlineData(Language.Python, "\n    Reads a file\n    :param path: where", "Reads a file")]
    [InlineData(Language.Go, " reads a file.\n// It never fails.\nfunc X() {}", "Run reads a file. It never fails.")]
    [InlineData(Language.Rust, " Reads a file.\n///\n/// # Examples", "Reads a file.")]
    [InlineData(Language.CSharp, " One is here. Two are here. Three are here.", "One is here. Two are here.")]
    [InlineData(Language.CSharp, " Uses System.Text and e.g. a file, i.e. bytes.", "Uses System.Text and e.g. a file, i.e. bytes.")]
    [InlineData(Language.CSharp, " Reads a file. Reads a file.", "Reads a file.")]
    [InlineData(Language.CSharp, " Reads the file the file the file", "Reads the file")]
    [InlineData(Language.CSharp, " Gets the value of the value.", "Gets the value.")]
    [InlineData(Language.CSharp, " Gets the largest number of the", "Gets the largest number")]
    public void Cleans(Language language, string written, string expected) =>
        Assert.Equal(expected, SummaryText.Clean(language, "Run", written, isWhole: true));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(" ... ---")]
    [InlineData(" Get user.")]
    [InlineData(" Gets the users")]
    [InlineData(" GetUser")]
    [InlineData(" Order")]
    [InlineData(" { x[0] = y(1, 2); }")]
    [InlineData(" The \uFFFD\uFFFD of it all")]
    [InlineData(" @param id the id")]
    public void What_says_nothing_is_left_out(string written) =>
        Assert.Null(SummaryText.Clean(Language.TypeScript, "getUser", written, isWhole: true));

    [Fact]
    public void A_half_sentence_goes_if_a_whole_one_stands_before_it()
    {
        Assert.Equal("Reads a file.", SummaryText.Clean(Language.CSharp, "X", " Reads a file. It then", isWhole: false));
        Assert.Equal("Reads a file and then", SummaryText.Clean(Language.CSharp, "X", " Reads a file and then", isWhole: false));
    }

    [Fact]
    public void Long_text_is_cut_between_words()
    {
        string? text = SummaryText.Clean(Language.CSharp, "X", " Reads " + string.Join(' ', Enumerable.Range(0, 100).Select(i => $"word{(char)('a' + (i % 26))}{(char)('a' + (i / 26))}")), isWhole: true);
        Assert.InRange(text!.Length, 200, 300);
        Assert.Matches(@"word\w\w$", text);
    }

    [Theory]
    [InlineData(Language.CSharp, " One. Two. Three", true)]
    [InlineData(Language.CSharp, " One. Two", false)]
    [InlineData(Language.CSharp, " One\n    //", false)]
    [InlineData(Language.CSharp, " One\n    /// two", false)]
    [InlineData(Language.CSharp, " One\n    int x", true)]
    [InlineData(Language.Python, " One\"\"\"", true)]
    public void Knows_when_enough_is_written(Language language, string written, bool enough) =>
        Assert.Equal(enough, SummaryText.IsEnough(language, written));
}
