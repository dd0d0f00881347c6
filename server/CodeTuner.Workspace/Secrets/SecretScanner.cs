using System.Buffers;
using System.Text.RegularExpressions;

namespace CodeTuner.Workspace.Secrets;

/// <summary>
/// Finds keys, tokens, private keys and connection strings in text. Patterns are tried only on lines that hold one of their
/// rule's keywords, and all of them run in linear time.
/// </summary>
public static class SecretScanner
{
    // Of an endless line (data, squeezed code) this much on either side of a keyword is looked at.
    private const int Reach = 1024;

    // What people write where a secret would go.
    private static readonly SearchValues<string> Placeholders = SearchValues.Create(
        ["example", "placeholder", "dummy", "changeme", "change_me", "change-me", "your_", "your-", "yourpass", "yourkey", "yoursecret", "yourtoken", "xxxx", "****", "....",
         "redacted", "todo", "fixme", "sample", "foobar", "insert", "replace", "notreal", "not_real", "not-a-real", "fake", "mock", "1234567890", "0123456789", "abcdefgh", "00000000"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> AllKeywords =
        SearchValues.Create([.. SecretRules.All.SelectMany(r => r.Keywords).Distinct()], StringComparison.OrdinalIgnoreCase);

    // Which keywords of which rules start with a character: all keywords are ASCII.
    private static readonly (string Keyword, int Rule)[][] KeywordsByStart =
    [
        .. Enumerable.Range(0, 128).Select(c => SecretRules.All
            .SelectMany((rule, index) => rule.Keywords.Select(k => (Keyword: k, Rule: index)))
            .Where(k => char.ToLowerInvariant(k.Keyword[0]) == c)
            .ToArray()),
    ];

    /// <summary>The secrets in a text, in their order; overlapping ones once.</summary>
    public static IReadOnlyList<SecretFinding> Find(string text)
    {
        List<SecretFinding> findings = [];
        List<(int Start, int End)>?[] windows = Windows(text);
        for (int rule = 0; rule < windows.Length; rule++)
        {
            foreach ((int start, int end) in Merge(windows[rule])) FindIn(text, start, end, SecretRules.All[rule], findings);
        }

        findings.Sort((a, b) => a.Start.CompareTo(b.Start));
        return findings;
    }

    /// <summary>Shannon's entropy in bits a character; 0 for empty text.</summary>
    public static double Entropy(ReadOnlySpan<char> text)
    {
        Dictionary<char, int> counts = [];
        foreach (char c in text) counts[c] = counts.GetValueOrDefault(c) + 1;
        double bits = 0;
        foreach (int count in counts.Values) bits -= (double)count / text.Length * Math.Log2((double)count / text.Length);
        return bits;
    }

    private static void FindIn(string text, int start, int end, SecretRule rule, List<SecretFinding> findings)
    {
        // The window is cut out so that "^", "$" and the length that a pattern may run to are the window's.
        string window = text[start..end];
        for (Match match = rule.Pattern.Value.Match(window); match.Success; match = match.NextMatch())
        {
            Group secret = match.Groups["s"] is { Success: true } group ? group : match;
            if (!IsPlausible(rule, secret.ValueSpan)) continue;
            if (match.Groups["id"].Success && Guid.TryParseExact(secret.ValueSpan, "D", out _)) continue; // it tells things apart, such as kinds of tokens
            int at = start + secret.Index;
            if (findings.Exists(f => at < f.Start + f.Length && f.Start < at + secret.Length)) continue;
            findings.Add(new SecretFinding(rule.Id, at, secret.Length, text.AsSpan(0, at).Count('\n') + 1));
        }
    }

    // For each rule the lines, or parts of endless ones, that hold one of its keywords. One pass finds all keywords.
    private static List<(int Start, int End)>?[] Windows(string text)
    {
        var windows = new List<(int Start, int End)>?[SecretRules.All.Count];
        for (int at = 0; at < text.Length; at++)
        {
            int next = text.AsSpan(at).IndexOfAny(AllKeywords);
            if (next < 0) break;
            at += next;
            foreach ((string keyword, int rule) in KeywordsByStart[char.ToLowerInvariant(text[at]) & 0x7F])
            {
                if (!text.AsSpan(at).StartsWith(keyword, StringComparison.OrdinalIgnoreCase)) continue;
                List<(int Start, int End)> own = windows[rule] ??= [];
                own.Add(Window(text, at, keyword.Length, SecretRules.All[rule].CharactersAfterLine));
            }
        }

        return windows;
    }

    private static (int Start, int End) Window(string text, int at, int length, int beyond)
    {
        int from = Math.Max(0, at - Reach);
        int before = text.AsSpan(from, at - from).LastIndexOf('\n');
        int to = Math.Min(text.Length, at + length + Reach);
        int after = text.AsSpan(at, to - at).IndexOf('\n');
        return (before < 0 ? from : from + before + 1, Math.Min(text.Length, (after < 0 ? to : at + after) + beyond));
    }

    // The windows of a rule come in the order of their ends; those that overlap become one.
    private static List<(int Start, int End)> Merge(List<(int Start, int End)>? windows)
    {
        List<(int Start, int End)> merged = [];
        foreach ((int start, int end) in windows ?? [])
        {
            if (merged.Count > 0 && start < merged[^1].End)
                merged[^1] = (merged[^1].Start, Math.Max(end, merged[^1].End));
            else
                merged.Add((start, end));
        }

        return merged;
    }

    private static bool IsPlausible(SecretRule rule, ReadOnlySpan<char> secret)
    {
        if (secret.ContainsAny(Placeholders) || CharacterKinds(secret) < rule.CharacterKinds || Entropy(secret) < rule.MinimumEntropy) return false;
        foreach (string value in rule.AllowedValues ?? [])
        {
            if (secret.Equals(value, StringComparison.OrdinalIgnoreCase)) return false;
        }

        // A random string of two kinds of characters has digits; names such as "RefreshTokenCookie" and "user-token-v2" are made of words.
        return rule.CharacterKinds == 0 || !IsMadeOfWords(secret);
    }

    private static int CharacterKinds(ReadOnlySpan<char> secret) =>
        (secret.ContainsAnyInRange('a', 'z') ? 1 : 0) + (secret.ContainsAnyInRange('A', 'Z') ? 1 : 0) + (secret.ContainsAnyInRange('0', '9') ? 1 : 0);

    // Parts between marks are letters with at most two digits among them, and a digit or a capital starts a word only here and there.
    private static bool IsMadeOfWords(ReadOnlySpan<char> secret)
    {
        int digits = 0, words = 0;
        char before = '-';
        foreach (char c in secret)
        {
            if (char.IsAsciiDigit(c))
            {
                if (++digits > 2) return false;
            }
            else if (char.IsLetter(c))
            {
                // "base64url" is three words.
                if (!char.IsLetter(before) || (char.IsUpper(c) && char.IsLower(before))) words++;
                digits = 0;
            }
            else
            {
                if (c is not ('-' or '_' or '.' or ':' or '/')) return false;
                digits = 0;
            }

            before = c;
        }

        // Random letters change case at about every other place: words are longer than that.
        return secret.Length >= 4 * words;
    }
}
