using System.Text.RegularExpressions;

namespace CodeTuner.Workspace.Secrets;

/// <summary>The table of secrets that are looked for. The formats are those that the services document.</summary>
public static class SecretRules
{
    // Non-backtracking: the time is linear in the text, whatever it holds.
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>All rules; the first that matches a place names it.</summary>
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        Rule("private-key", ["PRIVATE KEY"], @"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\s*\n[A-Za-z0-9+/=\s:,-]{40,}"),
        Rule("aws-access-key", ["AKIA", "ASIA", "ABIA", "ACCA"], @"\b(?<s>(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\b", 3),
        Rule("github-token", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"], @"\b(?<s>gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b", 3),
        Rule("gitlab-token", ["glpat-", "gldt-", "glrt-"], @"\b(?<s>gl(?:pat|dt|rt)-[A-Za-z0-9_\-]{20,})", 3),
        Rule("slack-token", ["xox"], @"\b(?<s>xox[abeoprs]-[A-Za-z0-9-]{10,})\b", 2.5),
        Rule("slack-webhook", ["hooks.slack.com"], @"hooks\.slack\.com/(?<s>(?:services|workflows)/[A-Za-z0-9+/]{40,60})", 3),
        Rule("stripe-key", ["sk_live_", "rk_live_", "sk_prod_"], @"\b(?<s>[sr]k_(?:live|prod)_[A-Za-z0-9]{16,})\b", 3),
        Rule("google-api-key", ["AIza"], @"\b(?<s>AIza[A-Za-z0-9_\-]{35})", 3),
        Rule("anthropic-key", ["sk-ant-"], @"\b(?<s>sk-ant-[A-Za-z0-9_\-]{24,})", 3),
        Rule("openai-key", ["sk-"], @"\b(?<s>sk-(?:proj-|svcacct-)?[A-Za-z0-9_\-]{32,})", 3.5),
        Rule("huggingface-token", ["hf_"], @"\b(?<s>hf_[A-Za-z]{34})\b", 3),
        Rule("npm-token", ["npm_"], @"\b(?<s>npm_[A-Za-z0-9]{36})\b", 3),
        Rule("pypi-token", ["pypi-"], @"\b(?<s>pypi-AgE[A-Za-z0-9_\-]{50,})", 3),
        Rule("nuget-key", ["oy2"], @"\b(?<s>oy2[a-z0-9]{43})\b", 3),
        Rule("sendgrid-key", ["SG."], @"\b(?<s>SG\.[A-Za-z0-9_\-]{20,24}\.[A-Za-z0-9_\-]{39,50})", 3),
        Rule("azure-storage-key", ["AccountKey"], @"AccountKey\s*=\s*(?<s>[A-Za-z0-9+/]{60,90}={0,2})", 3.5),
        Rule("azure-sas", ["sig="], @"[?&]sig=(?<s>[A-Za-z0-9%+/]{40,}(?:%3D|=)?)", 3.5),
        Rule("jwt", ["eyJ"], @"\b(?<s>eyJ[A-Za-z0-9_\-]{14,}\.eyJ[A-Za-z0-9_\-]{14,}\.[A-Za-z0-9_\-]{16,})", 3.5),
        Rule("connection-string", ["password", "pwd"], @"(?i)(?:server|data source|host|accountendpoint|user id|uid)\s*=[^;""'\n]{1,80};[^""'\n]{0,200}?(?:password|pwd)\s*=\s*(?<s>[^;""'\s]{6,})", 2.5),
        Rule("url-password", ["://"], @"\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis(?:s)?|amqps?|mssql|https?|ftp|sftp)://[A-Za-z0-9_.%\-]{1,64}:(?<s>[^\s:@/""'<>{}$]{6,})@[A-Za-z0-9_.\-]+", 2.5),
        Rule("credential", ["password", "passwd", "secret", "token", "api_key", "apikey", "api-key", "access_key", "accesskey", "private_key", "client_secret"],
            @"(?i)[A-Za-z0-9_\-.]*(?:password|passwd|secret|token|api[_\-]?key|access[_\-]?key|private[_\-]?key)[A-Za-z0-9_\-]{0,20}[""']?\s{0,3}(?:=|:|:=|=>)\s{0,3}[""'](?<s>[A-Za-z0-9+/_\-=.!@#%^&*]{16,100})[""']", 3.5, mixes: true),
    ];

    private static SecretRule Rule(string id, string[] keywords, string pattern, double entropy = 0, bool mixes = false) =>
        new(id, keywords, new Regex(pattern, Options), entropy, mixes);
}
