using System.Text.RegularExpressions;

namespace CodeTuner.Workspace.Secrets;

/// <summary>
/// The table of secrets that are looked for, in the manner of gitleaks. The formats are those that the services document.
/// The specific rules come first: where two find the same place, the earlier names it.
/// </summary>
public static class SecretRules
{
    // Non-backtracking: the time is linear in the text, whatever it holds.
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    // Passwords of development databases that stand in every tutorial.
    private static readonly string[] WellKnownPasswords =
        ["password", "passwd", "pass", "pwd", "secret", "postgres", "postgresql", "mysql", "mongo", "mongodb", "redis", "rabbitmq", "guest", "root", "admin",
         "user", "username", "default", "test", "testing", "changeme", "123456", "12345678", "hunter2", "integrated", "true", "false", "null", "none"];

    private static readonly string[] CredentialNames =
        ["password", "passwd", "passphrase", "secret", "token", "api_key", "apikey", "api-key", "access_key", "accesskey", "access-key", "auth_key", "authkey", "private_key",
         "privatekey", "encryption_key", "signing_key", "credential"];

    private const string CredentialName =
        "(?i)(password|passwd|passphrase|secret|(?<id>token)|api[_-]?key|access[_-]?key|auth[_-]?key|private[_-]?key|encryption[_-]?key|signing[_-]?key|credential)";

    private const string Quoted = @"[@$]?[""'`](?<s>[^\s""'`\\<>(){}\[\];,]{8,200})[""'`]";

    /// <summary>All rules.</summary>
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        // A key's header counts only with the key's body after it, on the next lines or after "\n" in a string.
        Rule("private-key", ["PRIVATE KEY"],
            @"-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----(\\+[rn]|[\s""'`+;,|>*/#])*((Proc-Type|DEK-Info|Version|Comment): ?[^\n\\]*(\\+[rn]|[\s""'+])+)*[A-Za-z0-9+/=]{24}",
            after: 600),
        Rule("putty-private-key", ["PuTTY-User-Key-File"], @"PuTTY-User-Key-File-\d: ?[a-z0-9-]+"),
        Rule("age-secret-key", ["AGE-SECRET-KEY-1"], @"\b(?<s>AGE-SECRET-KEY-1[0-9A-Z]{58})\b", 3),

        Rule("aws-access-key-id", ["AKIA", "ASIA", "ABIA", "ACCA"], @"\b(?<s>(AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\b", 3),
        Rule("aws-secret-access-key", ["aws", "secret_access_key", "secretaccesskey"],
            @"(?i)(aws.{0,24}(secret|key)|secret_?access_?key).{0,24}?[""'=:\s](?<s>[A-Za-z0-9/+]{40})([^A-Za-z0-9/+=]|$)", 4, kinds: 3),
        Rule("azure-storage-key", ["AccountKey", "SharedAccessKey"], @"(?i)(AccountKey|SharedAccessKey)\s*=\s*(?<s>[A-Za-z0-9+/]{42,88}={0,2})", 3.5),
        Rule("azure-sas", ["sig="], @"(?i)((s[vrpe]|st)=[^\s""'&]{1,40}&[^\s""']{0,300}sig=|sig=)(?<s>[A-Za-z0-9+/]([A-Za-z0-9+/]|%2[bf]){38,60}(%3d|=))", 3.5),
        Rule("google-api-key", ["AIza"], @"\b(?<s>AIza[A-Za-z0-9_-]{35})([^A-Za-z0-9_-]|$)", 3),
        Rule("google-oauth-client-secret", ["GOCSPX-"], @"\b(?<s>GOCSPX-[A-Za-z0-9_-]{28})([^A-Za-z0-9_-]|$)", 3),
        Rule("digitalocean-token", ["dop_v1_", "doo_v1_", "dor_v1_"], @"\b(?<s>do[opr]_v1_[a-f0-9]{64})\b", 3),

        Rule("github-token", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], @"\b(?<s>gh[pousr]_[A-Za-z0-9]{36,255})\b", 3),
        Rule("github-fine-grained-token", ["github_pat_"], @"\b(?<s>github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b", 3),
        Rule("gitlab-token", ["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "gloas-"], @"\b(?<s>gl(pat|dt|rt|ptt|cbt|oas)-[A-Za-z0-9_-]{20,})", 3),
        Rule("npm-token", ["npm_"], @"\b(?<s>npm_[A-Za-z0-9]{36})\b", 3),
        Rule("npmrc-auth-token", ["_authToken", "_auth="], @"(?i)(:_authToken|_auth)\s*=\s*(?<s>[A-Za-z0-9+/=_-]{20,})", 3, kinds: 2),
        Rule("pypi-token", ["pypi-AgE"], @"\b(?<s>pypi-AgE[A-Za-z0-9_-]{50,})", 3),
        Rule("nuget-key", ["oy2"], @"\b(?<s>oy2[a-z0-9]{43})\b", 3),
        Rule("docker-token", ["dckr_pat_"], @"\b(?<s>dckr_pat_[A-Za-z0-9_-]{27})", 3),
        Rule("huggingface-token", ["hf_"], @"\b(?<s>hf_[A-Za-z]{34})\b", 3.5),

        Rule("slack-token", ["xoxa-", "xoxb-", "xoxe-", "xoxe.", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"],
            @"\b(?<s>(xox[abeoprs](\.xox[bp])?|xapp)-(\d[A-Z0-9]*-)[A-Za-z0-9-]{20,})", 3),
        Rule("slack-webhook", ["hooks.slack.com"], @"hooks\.slack\.com/(?<s>(services|workflows|triggers)/T[A-Za-z0-9]{8,}/[A-Za-z0-9]{8,}/[A-Za-z0-9]{20,})", 3),
        Rule("stripe-key", ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "sk_prod_"], @"\b(?<s>[sr]k_(live|test|prod)_[A-Za-z0-9]{16,})\b", 3.2, kinds: 2),
        Rule("stripe-webhook-secret", ["whsec_"], @"\b(?<s>whsec_[A-Za-z0-9+/]{32,})", 3),
        Rule("shopify-token", ["shpat_", "shpss_", "shpca_", "shppa_"], @"\b(?<s>shp(at|ss|ca|pa)_[A-Fa-f0-9]{32})\b", 3),
        Rule("sendgrid-key", ["SG."], @"\b(?<s>SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})", 3),
        Rule("telegram-bot-token", [":AA"], @"\b(?<s>\d{8,10}:AA[A-Za-z0-9_-]{33})([^A-Za-z0-9_-]|$)", 3),
        Rule("anthropic-key", ["sk-ant-"], @"\b(?<s>sk-ant-[a-z0-9]{3,8}-[A-Za-z0-9_-]{24,})", 3),
        // Many services took over the form of this key. CSS classes and slugs start so too: they have no capitals.
        Rule("openai-key", ["sk-"], @"\b(?<s>sk-((proj|svcacct|admin|or-v1)-)?[A-Za-z0-9_-]{32,})", 3.5, kinds: 2),

        Rule("jwt", ["eyJ"], @"\b(?<s>eyJ[A-Za-z0-9_-]{12,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,})", 3.5),
        Rule("bearer-token", ["bearer "], @"(?i)\bauthorization[""']?\s*[:=,]\s*[""'`]?bearer (?<s>[A-Za-z0-9._~+/-]{20,}=*)", 3.5, kinds: 2),
        Rule("url-password", ["://"],
            @"(?i)\b(postgres(ql)?|mysql|mariadb|mongodb(\+srv)?|rediss?|amqps?|mssql|sqlserver|https?|ftps?|sftp|ldaps?|smtps?)://[a-z0-9_.%+-]{0,64}:(?<s>[^\s:@/""'`<>{}$\\]{4,})@[a-z0-9\[]",
            1.5, allowed: WellKnownPasswords),
        Rule("connection-string", ["password", "pwd"],
            @"(?i)\b(server|data source|host|address|accountendpoint|database|initial catalog|user id|userid|username|uid)\s*=[^""'`\n]{0,200};\s*(password|pwd)\s*=\s*(?<s>[^;""'`\s{}<>$%]{4,})",
            1.5, allowed: WellKnownPasswords),
        Rule("connection-string", ["password", "pwd"],
            @"(?i)\b(password|pwd)\s*=\s*(?<s>[^;""'`\s{}<>$%]{4,});[^""'`\n]{0,200}?(server|data source|host|address|database|initial catalog|user id|userid|uid)\s*=",
            1.5, allowed: WellKnownPasswords),
        Rule("credential", CredentialNames, CredentialName + @"[a-z0-9_.-]{0,20}[""'\])]{0,2}\s{0,3}(:\s?&?('static\s)?[a-z]{3,8}\s)?\s{0,3}(=>|:=|=|:)\s{0,3}" + Quoted,
            3, kinds: 2, allowed: WellKnownPasswords),
        // Two strings after each other may also be a list of names: here the second has to look random.
        Rule("credential", CredentialNames, CredentialName + @"[a-z0-9_.-]{0,20}[""'],\s{0,3}" + Quoted, 3.5, kinds: 3, allowed: WellKnownPasswords),
    ];

    private static SecretRule Rule(
        string id, string[] keywords, string pattern, double entropy = 0, int kinds = 0, string[]? allowed = null, int after = 0) =>
        new(id, keywords, new Lazy<Regex>(() => new Regex(pattern, Options)), entropy, kinds, allowed, after);
}
