using System.Text.RegularExpressions;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Translation;

/// <summary>Names a translated file as its language's custom has it: <c>user_service.py</c> becomes <c>UserService.cs</c>.</summary>
public static partial class TargetPath
{
    /// <summary>The path of the translation, in the source's folder.</summary>
    /// <param name="path">The source's path, with either kind of slash.</param>
    /// <param name="target">The language to translate to.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="target"/> is <see cref="Language.Unknown"/>.</exception>
    public static string Of(string path, Language target)
    {
        ArgumentNullException.ThrowIfNull(path);
        string extension = target.Info().Extensions[0];
        int name = path.LastIndexOfAny(['/', '\\']) + 1;
        string file = path[name..];
        int dot = file.LastIndexOf('.');
        string[] words = [.. Words().Matches(dot > 0 ? file[..dot] : file).Select(m => m.Value)];
        if (words.Length == 0)
            words = ["file"];
        return path[..name] + Joined(words, target) + extension;
    }

    private static string Joined(string[] words, Language target) => target switch
    {
        Language.CSharp or Language.Java => string.Concat(words.Select(Capitalised)),
        Language.TypeScript or Language.JavaScript => words[0].ToLowerInvariant() + string.Concat(words.Skip(1).Select(Capitalised)),
        _ => string.Join('_', words.Select(w => w.ToLowerInvariant())),
    };

    private static string Capitalised(string word) => char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant();

    // "HTTPServer2" is HTTP and Server2.
    [GeneratedRegex(@"\p{Lu}+(?!\p{Ll})\p{Nd}*|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{Nd}]+")]
    private static partial Regex Words();
}
