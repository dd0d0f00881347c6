using System.Text.RegularExpressions;

namespace CodeTuner.Workspace.Secrets;

/// <summary>Finds keys, tokens, private keys and connection strings in text, in the manner of gitleaks.</summary>
public static class SecretScanner
{
    // What people write where a secret would go.
    private static readonly string[] Placeholders =
        ["example", "placeholder", "dummy", "changeme", "change_me", "your_", "your-", "yourpass", "xxxx", "****", "....", "<", "${", "{{", "%(", "redacted", "todo", "fixme", "sample", "test", "foobar", "1234567890", "abcdefgh"];

    /// <summary>The secrets in a text, in their order; overlapping ones once.</summary>
    public static IReadOnlyList<SecretFinding> Find(string text)
    {
        List<SecretFinding> findings = [];
        foreach (SecretRule rule in SecretRules.All)
        {
            if (!rule.Keywords.Any(k => text.Contains(k, StringComparison.OrdinalIgnoreCase)))
                continue;
            for (Match match = rule.Pattern.Match(text); match.Success; match = match.NextMatch())
            {
                Group secret = match.Groups["s"].Success ? match.Groups["s"] : match;
                if (IsPlaceholder(rule, secret.ValueSpan) || Entropy(secret.ValueSpan) < rule.MinimumEntropy
                    || (rule.MixesLettersAndDigits && !Mixes(secret.ValueSpan)))
                    continue;
                if (!findings.Exists(f => secret.Index < f.Start + f.Length && f.Start < secret.Index + secret.Length))
                    findings.Add(new SecretFinding(rule.Id, secret.Index, secret.Length, text.AsSpan(0, secret.Index).Count('\n') + 1));
            }
        }

        findings.Sort((a, b) => a.Start.CompareTo(b.Start));
        return findings;
    }

    /// <summary>Shannon's entropy in bits a character.</summary>
    public static double Entropy(ReadOnlySpan<char> text)
    {
        Dictionary<char, int> counts = [];
        foreach (char c in text)
            counts[c] = counts.GetValueOrDefault(c) + 1;
        double bits = 0;
        foreach (int count in counts.Values)
            bits -= (double)count / text.Length * Math.Log2((double)count / text.Length);
        return bits;
    }

    private static bool Mixes(ReadOnlySpan<char> secret) =>
        secret.IndexOfAnyInRange('0', '9') >= 0 && (secret.IndexOfAnyInRange('a', 'z') >= 0 || secret.IndexOfAnyInRange('A', 'Z') >= 0);

    private static bool IsPlaceholder(SecretRule rule, ReadOnlySpan<char> secret)
    {
        if (rule.Id == "private-key")
            return false;
        foreach (string placeholder in Placeholders)
        {
            if (secret.Contains(placeholder, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
