using System.Globalization;
using System.Text;
using System.Text.Json;
using CodeTuner.LanguageServer.Protocol.Lsp;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.LanguageServer.Tests.Protocol;

public class JsonTextTests
{
    [Theory]
    [InlineData("\"plain\"", "plain")]
    [InlineData("\"\\ud83d\\ude00\"", "\ud83d\ude00")]
    [InlineData("\"\\\\u0041\\u0041\"", "\\u0041A")]
    [InlineData("\"\\b\\f\\n\\r\\t\\/\\\"\\\\\\u00e9\"", "\b\f\n\r\t/\"\\é")]
    public void ReadsWhatTheJsonSpells(string json, string expected) => Assert.Equal(expected, Read(json));

    [Fact]
    public void StandsAsAKeyToo()
    {
        WorkspaceEdit edit = new() { Changes = new() { ["file:///a \" b"] = [new TextEdit(new(new(0, 0), new(0, 1)), "x")] } };
        string json = JsonSerializer.Serialize(new ApplyWorkspaceEditParams(edit), LspJsonContext.Default.ApplyWorkspaceEditParams);
        ApplyWorkspaceEditParams read = JsonSerializer.Deserialize(json, LspJsonContext.Default.ApplyWorkspaceEditParams)!;
        Assert.Equal(edit.Changes.Keys, read.Edit.Changes!.Keys);
    }

    [Fact]
    public void ReadsLoneSurrogates()
    {
        // Not in the table: an attribute's text is stored as UTF-8 and cannot hold them.
        Assert.Equal("a\ud83d", Read("\"a\\ud83d\""));
        Assert.Equal("\ude00\ud83d", Read("\"\\ude00\\ud83d\""));
    }

    [Fact]
    public void ReadsAnyUtf16()
    {
        var unit = Gen.OneOf(
            Gen.Choose(0, 0x7f), Gen.Choose(0xd7f0, 0xe010), Gen.Elements((int)'\\', '"', 'u', 0xe9));
        var texts =
            from units in unit.ListOf()
            from escaped in Gen.Elements(true, false).ListOf(units.Count)
            select (Text: new string([.. units.Select(u => (char)u)]), Escaped: escaped);
        Prop.ForAll(texts.ToArbitrary(), c =>
        {
            var json = new StringBuilder("\"");
            for (int i = 0; i < c.Text.Length; i++)
            {
                char unit = c.Text[i];
                bool must = unit < ' ' || char.IsSurrogate(unit) || unit is '"' or '\\';
                json.Append(must || c.Escaped[i] ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}") : unit);
            }

            Assert.Equal(c.Text, Read(json.Append('"').ToString()));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void ALoneSurrogateCanBeWritten()
    {
        string json = JsonSerializer.Serialize(new TextEdit(default, "a\ud83d"), LspJsonContext.Default.WorkspaceEdit.Options.GetTypeInfo(typeof(TextEdit)));
        Assert.Equal("a\ufffd", JsonDocument.Parse(json).RootElement.GetProperty("newText").GetString());
    }

    private static string Read(string json)
    {
        string change = $$"""{"text":{{json}}}""";
        return JsonSerializer.Deserialize(change, LspJsonContext.Default.TextDocumentContentChangeEvent)!.Text;
    }
}
