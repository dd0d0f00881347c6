using System.Net;
using System.Text.RegularExpressions;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Summary;

/// <summary>Makes a sentence or two for people of what a model wrote into a doc comment's gap.</summary>
internal static partial class SummaryText
{
    private const int MostSentences = 2;
    private const int LongestText = 300;
    private const int LeastWords = 2;
    private const double LeastLetters = 0.7;

    private static readonly HashSet<string> Fillers = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "an", "the", "this", "that", "of", "for", "to", "is", "in", "and", "or", "it", "its",
        "class", "struct", "record", "interface", "enum", "type", "function", "method", "constructor", "property",
    };

    private static readonly HashSet<string> Connectives = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "an", "the", "of", "for", "to", "in", "on", "at", "by", "with", "from", "and", "or", "is", "are", "as", "if", "that", "which", "when",
    };

    /// <summary>Whether the model has written enough: two sentences, or something that no longer is the comment's first paragraph.</summary>
    public static bool IsEnough(Language language, string written)
    {
        List<string> lines = Lines(language, written, out bool closed);
        return closed || Sentences(string.Join(' ', lines)).Count > MostSentences;
    }

    /// <summary>The cleaned text; null where nothing of use is left.</summary>
    /// <param name="language">The language.</param>
    /// <param name="name">The declaration's name.</param>
    /// <param name="written">What the model wrote.</param>
    /// <param name="isWhole">Whether the model came to an end by itself; otherwise the last sentence may be half.</param>
    public static string? Clean(Language language, string name, string written, bool isWhole)
    {
        List<string> lines = Lines(language, written, out bool closed);
        string text = WithoutTags(string.Join(' ', lines));
        text = Blanks().Replace(text, " ").Trim();
        text = WithoutLoops(SelfReference().Replace(text, "${word}"));
        List<string> sentences = Sentences(text);
        bool endsWhole = isWhole || closed;
        if (!endsWhole && sentences.Count > 1 && !EndsSentence(sentences[^1]))
            sentences.RemoveAt(sentences.Count - 1);
        text = string.Join(' ', sentences.Distinct(StringComparer.OrdinalIgnoreCase).Take(MostSentences));
        text = WithoutDangling(Shortened(text));
        if (language == Language.Go && text.Length > 0)
            text = $"{name} {text}";
        return IsUseful(text, name) ? text : null;
    }

    // The lines of the comment's first paragraph without their marks.
    private static List<string> Lines(Language language, string written, out bool closed)
    {
        DocCommentStyle style = language.Info().Comments.Doc;
        string mark = style.LinePrefix.Trim();
        List<string> lines = [];
        closed = false;
        string[] raw = written.Split('\n');
        for (int i = 0; i < raw.Length; i++)
        {
            string line = raw[i].Trim();

            // The first line follows the opening; the others bring their own marks, or the comment is over.
            if (i > 0 && mark.Length > 0)
            {
                closed = !line.StartsWith(mark, StringComparison.Ordinal) && (i < raw.Length - 1 || line.Length >= mark.Length);
                if (closed)
                    break;
                line = line.Length < mark.Length ? "" : line[mark.Length..].Trim();
            }

            if (Closing().Match(line) is { Success: true } close)
            {
                line = line[..close.Index].Trim();
                closed = true;
            }

            closed |= Section().IsMatch(line) || (line.Length == 0 && lines.Count > 0 && i < raw.Length - 1);
            if (line.Length > 0 && !Section().IsMatch(line))
                lines.Add(line);
            if (closed)
                break;
        }

        return lines;
    }

    private static string WithoutTags(string text)
    {
        text = Reference().Replace(text, m => m.Groups["name"].Value is [_, ':', .. var name] ? name : m.Groups["name"].Value);
        text = InlineTag().Replace(text, m => m.Groups["text"].Value.Trim());
        text = Tag().Replace(text, "");
        return WebUtility.HtmlDecode(UnfinishedTag().Replace(text, ""));
    }

    private static List<string> Sentences(string text)
    {
        List<string> sentences = [];
        int start = 0;
        foreach (Match end in SentenceEnd().Matches(text))
        {
            int stop = end.Index + end.Groups["end"].Length;
            sentences.Add(text[start..stop].Trim());
            start = stop;
        }

        if (text[start..].Trim() is { Length: > 0 } rest)
            sentences.Add(rest);
        return sentences;
    }

    private static bool EndsSentence(string text) => text.Length > 0 && text[^1] is '.' or '!' or '?';

    // "the value of the value of the value": what comes again at once is cut, with all behind it.
    private static string WithoutLoops(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int end = 2; end <= words.Length; end++)
        {
            for (int period = 1; 2 * period <= end; period++)
            {
                ReadOnlySpan<string> last = words.AsSpan(end - period, period), before = words.AsSpan(end - (2 * period), period);
                if (Same(last, before))
                    return string.Join(' ', words[..(end - period)]);
            }
        }

        return text;
    }

    private static bool Same(ReadOnlySpan<string> a, ReadOnlySpan<string> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (!a[i].Equals(b[i], StringComparison.OrdinalIgnoreCase))
                return false;
        }

        return true;
    }

    private static string Shortened(string text)
    {
        if (text.Length <= LongestText)
            return text;
        int blank = text.LastIndexOf(' ', LongestText);
        int cut = blank > 0 ? blank : CodeTuner.Assist.Text.SafeCut.At(text, LongestText);
        int sentence = text.LastIndexOf(". ", cut, StringComparison.Ordinal);
        return sentence > 0 ? text[..(sentence + 1)] : text[..cut];
    }

    // "Gets the number of" stops in the middle: what cannot end a sentence is taken off.
    private static string WithoutDangling(string text)
    {
        while (true)
        {
            text = text.TrimEnd(' ', ',', ';', ':', '-', '(');
            int last = text.LastIndexOf(' ') + 1;
            if (text.Length == 0 || !Connectives.Contains(text[last..]))
                return text;
            text = text[..last];
        }
    }

    private static bool IsUseful(string text, string name)
    {
        int letters = text.Count(c => char.IsLetter(c) || c == ' ');
        if (text.Length == 0 || text.Contains('\uFFFD', StringComparison.Ordinal) || letters < LeastLetters * text.Length)
            return false;
        string[] words = [.. Word().Matches(text).Select(m => m.Value)];
        HashSet<string> named = [.. Word().Matches(name).Select(m => m.Value.ToLowerInvariant()), name.ToLowerInvariant()];
        return words.Length >= LeastWords && words.Any(w => w.Length > 2 && !Fillers.Contains(w) && !IsOfName(w.ToLowerInvariant(), named));
    }

    // "Gets users" says no more of GetUser than the name does.
    private static bool IsOfName(string word, HashSet<string> named) => named.Any(n => word == n || word == n + "s" || word == n + "es");

    [GeneratedRegex(@"\*/|""""""|'''|</summary>|<\|")]
    private static partial Regex Closing();

    // Where a doc comment's first paragraph is over: tags of Javadoc, Doxygen, Sphinx and XML, headings of Markdown, NumPy and Google.
    [GeneratedRegex(
        @"^(?:@\w|:\w+\b[^:]*:|\\(?:param|return)|<(?:param|returns|remarks|typeparam|exception|example)\b|#+ |" +
        @"(?:Args|Arguments|Parameters|Returns|Raises|Yields|Example|Examples|Note|Notes|See Also|Attributes)\s*:?\s*$)")]
    private static partial Regex Section();

    [GeneratedRegex(@"<(?:see|seealso|paramref|typeparamref)\s+(?:cref|name|langword|href)\s*=\s*""(?<name>[^""]*)""\s*/?>")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\{@\w+\s+(?<text>[^{}]*)\}")]
    private static partial Regex InlineTag();

    [GeneratedRegex(
        @"</?(?:summary|see|seealso|paramref|typeparamref|c|code|para|list|item|description|term|inheritdoc|remarks|returns|" +
        @"b|i|em|strong|p|br|a|ul|ol|li|pre)\b[^<>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"(?:</?[A-Za-z]+\s[^<>]*|</[A-Za-z]*|\{@[^{}]*)$")]
    private static partial Regex UnfinishedTag();

    // "the value of the value"
    [GeneratedRegex(@"\b(?<word>\w+)(?:\s+(?:of|in|on|for|to|from)(?:\s+(?:the|a|an|this))?\s+\k<word>\b)+", RegexOptions.IgnoreCase)]
    private static partial Regex SelfReference();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    // Not after "e.g." and the like, and not inside "System.Text".
    [GeneratedRegex(@"(?<!\b(?:e\.g|i\.e|etc|vs|cf))(?<end>[.!?])(?:\s|$)")]
    private static partial Regex SentenceEnd();

    // The words of text, and those of a name in any custom.
    [GeneratedRegex(@"\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}]+")]
    private static partial Regex Word();
}
