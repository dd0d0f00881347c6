using System.Text;
using System.Text.RegularExpressions;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Context;

/// <summary>Writes a declaration without its body.</summary>
internal static partial class DefinitionText
{
    private const int LongestHeader = 240;
    private const int LongestWhole = 400;
    private const int MostMembers = 10;

    /// <summary>The declaration's header with the first line of its doc comment; a type's with the headers of its members.</summary>
    public static string Of(Language language, string text, OutlineNode node)
    {
        StringBuilder written = new();
        string indentation = language.UsesIndentation() || node.Children.Count > 0 ? "    " : "";
        if (node.DocComment is { } comment && FirstSentence(text[comment.Start..comment.End]) is { Length: > 0 } doc)
            written.Append(language.UsesIndentation() ? "# " : language.Info().Comments.Doc.LinePrefix is "/// " ? "/// " : "// ").Append(doc).Append('\n');

        // Enumerations and records of plain fields say what they are only as a whole.
        bool hasFunctions = node.Children.Any(c => c.Kind == OutlineKind.Function);
        if (node.Kind == OutlineKind.Type && !hasFunctions && node.Span.Length <= LongestWhole)
            return written.Append(text[Start(text, node)..node.Span.End].ReplaceLineEndings("\n")).ToString();

        written.Append(Header(text, node));
        foreach (OutlineNode member in node.Children.Where(c => c.Kind == OutlineKind.Function).Take(node.Kind == OutlineKind.Type ? MostMembers : 0))
            written.Append('\n').Append(indentation).Append(Header(text, member));
        return written.ToString();
    }

    private static string Header(string text, OutlineNode node)
    {
        int end = node.Body?.Start ?? node.Span.End;

        // Python's doc string is in the body; elsewhere a comment may stand between header and body, which does no harm.
        string header = Spaces().Replace(text[Start(text, node)..Math.Max(Start(text, node), end)], " ").Trim();
        header = header.TrimEnd('{', ' ').TrimEnd();
        if (header.EndsWith("=>", StringComparison.Ordinal))
            header = header[..^2].TrimEnd();
        return header.Length <= LongestHeader ? header : header[..LongestHeader];
    }

    // Attributes and decorators on lines of their own say little about how to call something.
    private static int Start(string text, OutlineNode node)
    {
        int line = node.NameSpan.Start == 0 ? 0 : text.LastIndexOf('\n', node.NameSpan.Start - 1) + 1;
        int start = Math.Clamp(line, node.Span.Start, node.NameSpan.Start);
        while (start < node.NameSpan.Start && char.IsWhiteSpace(text[start]))
            start++;
        return start;
    }

    private static string FirstSentence(string comment)
    {
        foreach (string line in Tags().Replace(comment, " ").Split('\n'))
        {
            string words = Spaces().Replace(line, " ").Trim(' ', '/', '*', '#', '"', '\'', '!');
            if (words.Length > 0)
                return words.Length <= 100 ? words : words[..100];
        }

        return "";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"</?\w+[^<>\n]*>")]
    private static partial Regex Tags();
}
