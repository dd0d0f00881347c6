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

    /// <summary>The secrets in a text, in their order; overlapping ones once.</summary>
    public static IReadOnlyList<SecretFinding> Find(string text)
    {
        List<SecretFinding> findings = [];
        foreach (SecretRule rule in SecretRules.All)
        {
            foreach ((int start, int end) in Windows(text, rule)) FindIn(text, start, end, rule, findings);
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
        for (Match match = rule.Pattern.Match(window); match.Success; match = match.NextMatch())
        {
            Group secret = match.Groups["s"] is { Success: true } group ? group : match;
            if (!IsPlausible(rule, secret.ValueSpan)) continue;
            int at = start + secret.Index;
            if (findings.Exists(f => at < f.Start + f.Length && f.Start < at + secret.Length)) continue;
            findings.Add(new SecretFinding(rule.Id, at, secret.Length, text.AsSpan(0, at).Count('\n') + 1));
        }
    }

    // The lines, or parts of endless ones, that hold a keyword; none overlaps another.
    private static List<(int Start, int End)> Windows(string text, SecretRule rule)
    {
        List<(int Start, int End)> windows = [];
        foreach (string keyword in rule.Keywords)
        {
            int at = 0;
            while ((at = Next(text, keyword, at)) >= 0)
            {
                int from = Math.Max(0, at - Reach);
                int before = text.LastIndexOf('\n', at, at - from + 1);
                int start = before < 0 ? from : before + 1;
                int to = Math.Min(text.Length, at + keyword.Length + Reach);
                int after = text.IndexOf('\n', at, to - at);
                int end = Math.Min(text.Length, (after < 0 ? to : after) + rule.CharactersAfterLine);
                windows.Add((start, end));
                // A line is looked at once, however many keywords it has.
                at = Math.Max(at + keyword.Length, after < 0 ? 0 : after);
            }
        }

        if (windows.Count < 2) return windows;
        windows.Sort();
        List<(int Start, int End)> merged = [windows[0]];
        foreach ((int start, int end) in windows.Skip(1))
        {
            if (start < merged[^1].End)
                merged[^1] = (merged[^1].Start, Math.Max(end, merged[^1].End));
            else
                merged.Add((start, end));
        }

        return merged;
    }

    private static int Next(string text, string keyword, int from)
    {
        int at = text.AsSpan(from).IndexOf(keyword, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? -1 : from + at;
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

    // Parts between marks are letters with at most two digits after them, and a capital starts a word only here and there.
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
                if (digits > 0 && char.IsLetterOrDigit(before)) return false;
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
