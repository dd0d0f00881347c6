using System.Text;

namespace CodeTuner.LanguageServer.Features.Hover;

/// <summary>Text as Markdown shows it letter by letter: a model's words must not become links or pictures.</summary>
internal static class Markdown
{
    private const string Special = "\\`*_{}[]()<>#+-.!|~&";

    /// <summary>Escapes what has a meaning in Markdown.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length + 16);
        foreach (char c in text)
        {
            if (Special.Contains(c, StringComparison.Ordinal))
                escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
