using CodeTuner.LanguageServer.Documents;
using CodeTuner.LanguageServer.Logging;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Tests.Documents;

public class OpenDocumentsTests
{
    [Fact]
    public void FollowsTheClient()
    {
        var documents = new OpenDocuments(ServerLog.None);
        List<string> seen = [];
        documents.Changed += d => seen.Add($"changed {d.Version} {d.Text}");
        documents.Saved += d => seen.Add($"saved {d.Version}");
        documents.Closed += d => seen.Add($"closed {d.Version}");
        var id = new TextDocumentIdentifier("file:///a");

        documents.Save(new(id));
        documents.Close(new(id));
        documents.Open(new(new(id.Uri, "csharp", 1, "abc")));
        // The second change is made to what the first left.
        documents.Change(new(new(id.Uri, 2), [Change(0, 1, "xy"), Change(0, 2, "")]));
        documents.Change(new(new(id.Uri, 3), []));
        documents.Save(new(id));
        documents.Change(new(new(id.Uri, 4), [new("new")]));
        documents.Change(new(new("file:///other", 4), [new("new")]));
        Assert.Equal("csharp", documents.Find(id.Uri)!.LanguageId);
        documents.Close(new(id));
        documents.Open(new(new(id.Uri, "python", 1, "again")));

        Assert.Equal(
            ["changed 1 abc", "changed 2 bc", "changed 3 bc", "saved 3", "changed 4 new", "closed 4", "changed 1 again"], seen);
        Assert.Equal("python", Assert.Single(documents.All).LanguageId);
    }

    private static TextDocumentContentChangeEvent Change(uint start, uint end, string text) =>
        new(text) { Range = new(new(0, start), new(0, end)) };
}
