using System.Text;
using CodeTuner.Assist.Text;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Translation;

/// <summary>Gives a translated text the form of a file in its language.</summary>
internal static class TargetFormat
{
    /// <summary>Indents by the language's custom — tabs in Go, blanks elsewhere — and ends the text with one line end.</summary>
    /// <param name="language">The target language.</param>
    /// <param name="text">The text with LF alone.</param>
    /// <param name="newLine">What ends a line.</param>
    public static string Of(Language language, string text, string newLine)
    {
        string trimmed = text.Trim('\n').TrimEnd();
        if (trimmed.Length == 0)
            return "";
        DocumentLines lines = new(trimmed);
        HashSet<int> inStrings = LinesInStrings(language, lines);
        int unit = Unit(lines);
        StringBuilder result = new();
        for (int i = 0; i < lines.Count; i++)
        {
            ReadOnlySpan<char> line = lines.Line(i);
            if (inStrings.Contains(i))
                result.Append(line);
            else
                result.Append(Indented(language, line.TrimEnd(), unit));
            result.Append(newLine);
        }

        return result.ToString();
    }

    // The lines that begin inside a string: their white space is part of it.
    private static HashSet<int> LinesInStrings(Language language, DocumentLines lines)
    {
        HashSet<int> found = [];
        foreach (TextSpan span in Remarks.Strings(language, lines.Text))
        {
            for (int line = lines.At(span.Start) + 1; line <= lines.At(Math.Max(span.Start, span.End - 1)); line++)
                found.Add(line);
        }

        return found;
    }

    private static string Indented(Language language, ReadOnlySpan<char> line, int unit)
    {
        string leading = Indentation.Of(line);
        string rest = line[leading.Length..].ToString();
        if (language == Language.Go && leading.Contains(' ', StringComparison.Ordinal))
        {
            int width = Indentation.Width(line);
            return new string('\t', width / unit) + new string(' ', width % unit) + rest;
        }

        int columns = language is Language.TypeScript or Language.JavaScript ? 2 : 4;
        return language == Language.Go ? leading + rest : leading.Replace("\t", new string(' ', columns), StringComparison.Ordinal) + rest;
    }

    // How many columns one level of the model's own indentation takes.
    private static int Unit(DocumentLines lines)
    {
        int least = int.MaxValue;
        for (int i = 0; i < lines.Count; i++)
        {
            int width = lines.Line(i).IsWhiteSpace() ? 0 : Indentation.Width(lines.Line(i));
            least = width > 1 ? Math.Min(least, width) : least;
        }

        return least is 2 or 3 or 4 or 8 ? least : 4;
    }
}
