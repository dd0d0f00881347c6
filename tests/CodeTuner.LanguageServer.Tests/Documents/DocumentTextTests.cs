using System.Diagnostics;
using CodeTuner.LanguageServer.Documents;
using CodeTuner.LanguageServer.Protocol.Lsp;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.LanguageServer.Tests.Documents;

public class DocumentTextTests
{
    private static readonly Gen<string> Piece = Gen.Elements(
        "\r", "\n", "\r\n", "a", "é", "€", "😀", "\ud83d", "\ude00", "", "word ", "\r\r\n\n", "\r\r\r\r\r", "😀😀😀😀", "a longer line\r\n");

    private static readonly Gen<string> Text = Piece.ListOf().Select(string.Concat);

    private static readonly Gen<Position> AnyPosition =
        from line in Gen.Frequency((4, Gen.Choose(0, 6)), (4, Gen.Choose(0, 40)), (1, Gen.Constant(int.MaxValue)))
        from character in Gen.Frequency((4, Gen.Choose(0, 6)), (4, Gen.Choose(0, 40)), (1, Gen.Constant(int.MaxValue)))
        select new Position((uint)line, (uint)character);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RandomEditsLeaveWhatTheyLeaveInAString(bool utf8)
    {
        var edit =
            from start in AnyPosition
            from end in Gen.Frequency((1, AnyPosition), (3, Gen.Choose(0, 3).Select(n => start with { Character = start.Character + (uint)n })))
            from text in Piece
            from whole in Gen.Frequency((1, Gen.Constant(true)), (15, Gen.Constant(false)))
            select new TextDocumentContentChangeEvent(text) { Range = whole ? null : new Range(start, end) };
        var cases =
            from text in Text
            from edits in edit.ListOf(12)
            from pieces in Gen.Elements(2, 5, 16, 100)
            select (Text: text, Edits: edits.ToArray(), Pieces: pieces);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll(cases.ToArbitrary(), c =>
        {
            PositionEncoding encoding = utf8 ? PositionEncoding.Utf8 : PositionEncoding.Utf16;
            var document = new Document("file:///a", "csharp", 1, new DocumentText(c.Text, c.Pieces), encoding);
            string expected = c.Text;
            foreach (TextDocumentContentChangeEvent e in c.Edits)
            {
                Document before = document;
                string textBefore = expected;
                document = document.With(document.Version + 1, [e]);
                expected = e.Range is { } range ? NaiveText.Replace(expected, range, e.Text, utf8) : e.Text;
                Assert.Equal(expected, document.Text.ToString());
                Assert.Equal(textBefore, before.Text.ToString());
            }

            AssertSame(expected, document, utf8);
        }));
    }

    private static void AssertSame(string expected, Document document, bool utf8)
    {
        List<(int Start, int End)> lines = NaiveText.Lines(expected);
        DocumentText text = document.Text;
        Assert.Equal(expected.Length, text.Length);
        Assert.Equal(lines, Enumerable.Range(0, text.LineCount).Select(i => (text.LineStart(i), text.LineEnd(i))));

        foreach (int line in new[] { 0, lines.Count / 2, lines.Count - 1, lines.Count })
        {
            foreach (uint character in new uint[] { 0, 1, 2, 3, 5, 40, uint.MaxValue })
            {
                var position = new Position((uint)line, character);
                Assert.Equal(NaiveText.OffsetAt(expected, position, utf8), document.OffsetAt(position));
            }
        }

        for (int i = 0; i <= 16; i++)
        {
            int offset = (int)((long)expected.Length * i / 16);
            // Within a surrogate pair there is no UTF-8 position.
            if (utf8 && offset > 0 && offset < expected.Length && char.IsSurrogatePair(expected[offset - 1], expected[offset]))
                continue;
            Assert.Equal(NaiveText.PositionAt(expected, offset, utf8), document.PositionAt(offset));
            int length = Math.Min(30, expected.Length - offset);
            Assert.Equal(expected.Substring(offset, length), text.Slice(offset, length));
        }
    }

    [Theory]
    [InlineData("ab\r\ncd\re\n", 0u, 9u, "utf-16", 2)]
    [InlineData("ab\r\ncd\re\n", 1u, 1u, "utf-16", 5)]
    [InlineData("ab\r\ncd\re\n", 2u, 1u, "utf-16", 8)]
    [InlineData("ab\r\ncd\re\n", 3u, 0u, "utf-16", 9)]
    [InlineData("ab\r\ncd\re\n", 3u, 5u, "utf-16", 9)]
    [InlineData("ab\r\ncd\re\n", 4u, 0u, "utf-16", 9)]
    [InlineData("", 0u, 0u, "utf-16", 0)]
    [InlineData("", 7u, 7u, "utf-8", 0)]
    [InlineData("é😀x", 0u, 2u, "utf-8", 1)]
    [InlineData("é😀x", 0u, 1u, "utf-8", 0)]
    [InlineData("é😀x", 0u, 5u, "utf-8", 1)]
    [InlineData("é😀x", 0u, 6u, "utf-8", 3)]
    [InlineData("é😀x", 0u, 99u, "utf-8", 4)]
    [InlineData("é😀x", 0u, 2u, "utf-16", 2)]
    public void PositionsAreClampedAsLspSays(string text, uint line, uint character, string encoding, int expected) =>
        Assert.Equal(expected, PositionEncoding.Negotiate([encoding]).OffsetAt(new DocumentText(text), new(line, character)));

    [Theory]
    [InlineData("many lines")]
    [InlineData("one line")]
    public void AnEditOfALargeFileTakesLessThanACopyOfIt(string shape)
    {
        const int Length = 5_000_000;
        string line = shape == "one line" ? new string('x', 50) : new string('x', 49) + "\n";
        string text = string.Concat(Enumerable.Repeat(line, Length / line.Length));
        foreach (PositionEncoding encoding in new[] { PositionEncoding.Utf16, PositionEncoding.Utf8 })
        {
            var document = new Document("file:///a", "csharp", 1, new DocumentText(text), encoding);
            var random = new Random(1);
            double[] edits = new double[300], copies = new double[edits.Length];
            for (int i = 0; i < edits.Length; i++)
            {
                Position at = shape == "one line" ? new(0, (uint)random.Next(Length)) : new((uint)random.Next(Length / 50), 20);
                TextDocumentContentChangeEvent[] change = [new("y") { Range = new(at, at) }];
                long start = Stopwatch.GetTimestamp();
                document = document.With(i + 2, change);
                edits[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                start = Stopwatch.GetTimestamp();
                GC.KeepAlive(text.Insert(Length / 2, "y"));
                copies[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            Assert.Equal(Length + edits.Length, document.Text.Length);
            // Medians of what ran in turn: other tests hold the machine as well.
            double edit = edits.Order().ElementAt(edits.Length / 2), copy = copies.Order().ElementAt(copies.Length / 2);
            Assert.True(edit < copy, $"an edit takes {edit} ms, a copy of the text {copy} ms");
        }
    }

    [Fact]
    public void TypingDoesNotCutTheTextIntoCrumbs()
    {
        // Each of these edits leaves pieces that are cut again; their number must follow the text's length.
        var text = new DocumentText(new string('x', 100_000));
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            int at = random.Next(text.Length - 60);
            text = i % 2 == 0 ? text.Replace(at, at + 60, "") : text.Replace(at, at, new string('y', 60));
        }

        Assert.Equal(100_000, text.Length);
        Assert.InRange(text.PieceCount, 1, 100_000 / text.MinLength + 1);
    }
}
