using CodeTuner.Assist.Text;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Summary;

/// <summary>Writes a doc comment in a language's own form.</summary>
/// <param name="language">The language.</param>
/// <param name="name">The declaration's name, with which Go's doc comments begin.</param>
/// <param name="indentation">What each line begins with.</param>
/// <param name="newLine">What ends a line.</param>
internal sealed class DocCommentWriter(Language language, string name, string indentation, string newLine)
{
    private const int Margin = 100;
    private const int NarrowestText = 40;

    private readonly DocCommentStyle style = language.Info().Comments.Doc;

    private bool InBody => style.Placement == DocCommentPlacement.InsideBody;

    /// <summary>
    /// What stands before the comment's words. It ends without the blank behind the marks: tokenizers join that blank to the first word.
    /// </summary>
    public string Opening => language switch
    {
        Language.CSharp => $"{indentation}/// <summary>{newLine}{indentation}///",
        Language.Go => $"{indentation}// {name}",
        _ when InBody => indentation + style.Open,
        _ when style.Open.Length > 0 => $"{indentation}{style.Open}{newLine}{indentation}{style.LinePrefix.TrimEnd()}",
        _ => indentation + style.LinePrefix.TrimEnd(),
    };

    /// <summary>What stands after the comment's words, up to the next line's beginning.</summary>
    public string Closing => language switch
    {
        Language.CSharp => $"{newLine}{indentation}/// </summary>{newLine}",
        _ when InBody => style.Close + newLine,
        _ when style.Close.Length > 0 => $"{newLine}{indentation}{style.Close}{newLine}",
        _ => newLine,
    };

    /// <summary>The whole comment, every line ended.</summary>
    public string Write(string summary)
    {
        List<string> lines = Wrapped(Escaped(summary));
        List<string> written = language switch
        {
            Language.CSharp => ["/// <summary>", .. lines.Select(l => "/// " + l), "/// </summary>"],
            _ when InBody => [.. lines.Select((l, i) => (i == 0 ? style.Open : "") + l + (i == lines.Count - 1 ? style.Close : ""))],
            _ when style.Open.Length > 0 => [style.Open, .. lines.Select(l => style.LinePrefix + l), style.Close],
            _ => [.. lines.Select(l => style.LinePrefix + l)],
        };
        return string.Concat(written.Select(l => indentation + l + newLine));
    }

    // The words must not end the comment that they stand in.
    private string Escaped(string text)
    {
        if (language == Language.CSharp)
        {
            return text.Replace("&", "&amp;", StringComparison.Ordinal)
                .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
        }

        if (!InBody)
            return text.Replace("*/", "* /", StringComparison.Ordinal);
        string safe = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"\"\"", "'''", StringComparison.Ordinal);
        return safe.EndsWith('"') ? safe + "." : safe;
    }

    private List<string> Wrapped(string text)
    {
        int marks = Math.Max(style.LinePrefix.Length, style.Open.Length + style.Close.Length);
        int width = Math.Max(NarrowestText, Margin - Indentation.Width(indentation) - marks);
        List<string> lines = [""];
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > width)
                lines.Add("");
            lines[^1] += lines[^1].Length == 0 ? word : " " + word;
        }

        return lines;
    }
}
