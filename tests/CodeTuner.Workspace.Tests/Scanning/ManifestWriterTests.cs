using System.Text;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.Workspace.Tests.Scanning;

public class ManifestWriterTests
{
    [Fact]
    public void EachEntryIsOneLine()
    {
        using var stream = new MemoryStream();
        ManifestWriter.Write(stream,
        [
            new ManifestEntry("src/é.cs", 12, null),
            new ManifestEntry("out/", 0, LeftOutReason.Ignored),
            new ManifestEntry("a \"b\"\n.py", 3L << 30, LeftOutReason.TooLarge, "too \\ large"),
        ]);
        Assert.Equal(
            """
            {"path":"src/é.cs","bytes":12,"kept":true}
            {"path":"out/","bytes":0,"kept":false,"reason":"ignored"}
            {"path":"a \"b\"\n.py","bytes":3221225472,"kept":false,"reason":"too-large","detail":"too \\ large"}

            """,
            Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Theory]
    [InlineData(LeftOutReason.Ignored, "ignored")]
    [InlineData(LeftOutReason.Binary, "binary")]
    [InlineData(LeftOutReason.Generated, "generated")]
    [InlineData(LeftOutReason.Minified, "minified")]
    [InlineData(LeftOutReason.Vendored, "vendored")]
    [InlineData(LeftOutReason.TooLarge, "too-large")]
    [InlineData(LeftOutReason.NotUtf8, "not-utf8")]
    [InlineData(LeftOutReason.Secret, "secret")]
    [InlineData(LeftOutReason.Duplicate, "duplicate")]
    [InlineData(LeftOutReason.LicenceFlagged, "licence-flagged")]
    [InlineData(LeftOutReason.Language, "language")]
    [InlineData(LeftOutReason.Unreadable, "unreadable")]
    [InlineData(LeftOutReason.Link, "link")]
    [InlineData(LeftOutReason.Empty, "empty")]
    public void ReasonsAreOneWord(LeftOutReason reason, string expected) => Assert.Equal(expected, reason.Word());
}
