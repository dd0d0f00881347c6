using CodeTuner.Workspace.Secrets;

namespace CodeTuner.Workspace.Tests.Secrets;

/// <summary>
/// For every rule what it finds and what it must not. The made-up secrets are put together from pieces here, so that a scan of
/// this repository does not take this file for a leak.
/// </summary>
public class SecretScannerTests
{
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";
    private const string Base62 = Upper + Lower + Digits;
    private const string Hex = Digits + "abcdef";
    private static readonly string MadeGuid = $"{Made(Hex, 8)}-{Made(Hex, 4)}-4{Made(Hex, 3)}-a{Made(Hex, 3)}-{Made(Hex, 12)}";

    public static TheoryData<string, string> Hits() => new()
    {
        { "private-key", Pem("RSA PRIVATE KEY", "\n") },
        { "private-key", Pem("PRIVATE KEY", "\r\n") },
        { "private-key", Pem("OPENSSH PRIVATE KEY", "\n") },
        { "private-key", Pem("EC PRIVATE KEY", "\\n") },
        { "private-key", Pem("PRIVATE KEY", "\" +\n    \"") },
        { "private-key", "-----BEGIN RSA PRIVATE " + "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC," + Made(Hex, 32) + "\n\n" + Made(Base62, 64) + "\n" },
        { "private-key", "-----BEGIN PGP PRIVATE " + "KEY BLOCK-----\nVersion: GnuPG v2\n\n" + Made(Base62, 64) + "\n" },
        { "putty-private-key", "PuTTY-User-" + "Key-File-2: ssh-rsa\nEncryption: none\n" },
        { "age-secret-key", "AGE-SECRET-" + "KEY-1" + Made(Upper + Digits, 58) },
        { "aws-access-key-id", $"id = \"AKIA{Made("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)}\"" },
        { "aws-access-key-id", $"ASIA{Made("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)}" },
        { "aws-secret-access-key", $"aws_secret_access_key = {Made(Base62 + "/+", 40)}" },
        { "aws-secret-access-key", $"const awsSecret = '{Made(Base62 + "/+", 40)}';" },
        { "azure-storage-key", $"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={Made(Base62 + "+/", 86)}==;EndpointSuffix=x" },
        { "azure-sas", $"https://a.blob.core/x?sv=2022-11-02&ss=b&sig={Made(Base62, 43)}%3D" },
        { "google-api-key", $"key: 'AIza{Made(Base62, 35)}'" },
        { "google-oauth-client-secret", $"GOCSPX-{Made(Base62, 28)}" },
        { "digitalocean-token", $"dop_v1_{Made(Hex, 64)}" },
        { "github-token", $"ghp_{Made(Base62, 36)}" },
        { "github-token", $"token=gho_{Made(Base62, 36)};" },
        { "github-fine-grained-token", $"github_pat_{Made(Base62, 22)}_{Made(Base62, 59)}" },
        { "gitlab-token", $"glpat-{Made(Base62, 20)}" },
        { "npm-token", $"npm_{Made(Base62, 36)}" },
        { "npmrc-auth-token", $"//registry/:_authToken={Made(Hex, 36)}" },
        { "pypi-token", $"pypi-AgEIcHlwaS5vcmc{Made(Base62, 60)}" },
        { "nuget-key", $"oy2{Made(Lower + Digits, 43)}" },
        { "docker-token", $"dckr_pat_{Made(Base62, 27)}" },
        { "huggingface-token", $"hf_{Made(Upper + Lower, 34)}" },
        { "slack-token", $"xoxb-{Made(Digits, 12)}-{Made(Digits, 12)}-{Made(Base62, 24)}" },
        { "slack-token", $"xapp-1-A{Made(Upper, 9)}-{Made(Digits, 12)}-{Made(Hex, 40)}" },
        { "slack-webhook", $"https://hooks.slack.com/services/T{Made(Upper, 9)}/B{Made(Upper, 9)}/{Made(Base62, 24)}" },
        { "stripe-key", $"sk_live_{Made(Base62, 24)}" },
        { "stripe-key", $"rk_test_{Made(Base62, 24)}" },
        { "stripe-webhook-secret", $"whsec_{Made(Base62, 32)}" },
        { "shopify-token", $"shpat_{Made(Hex, 32)}" },
        { "sendgrid-key", $"SG.{Made(Base62, 22)}.{Made(Base62, 43)}" },
        { "telegram-bot-token", $"bot{Made("12345678", 9)} = {Made("12345678", 9)}:AA{Made(Base62, 33)}" },
        { "anthropic-key", $"sk-ant-api03-{Made(Base62, 93)}AA" },
        { "openai-key", $"sk-{Made(Base62, 48)}" },
        { "openai-key", $"OPENAI = \"sk-proj-{Made(Base62, 60)}\"" },
        { "jwt", $"eyJ{Made(Base62, 30)}.eyJ{Made(Base62, 60)}.{Made(Base62, 43)}" },
        { "bearer-token", $"-H \"Authorization: Bearer {Made(Base62, 40)}\"" },
        { "url-password", "postgres://app:" + "Gr7xQw9z@db.internal:5432/main" },
        { "url-password", "mongodb+srv://u:" + "s3cr7tPw@cluster0.net/x" },
        { "url-password", "redis://:" + "p4ssW0rdX@cache:6379" },
        { "url-password", "https://me:" + "tk8Jq2Lm4v@git.internal/repo.git" },
        { "connection-string", "Server=db;Database=x;User Id=sa;Pass" + "word=Tq7!xLp2;" },
        { "connection-string", "Pw" + "d=Tq7!xLp2;Server=db;Uid=sa" },
        { "credential", $"api_key = \"{Made(Base62, 32)}\"" },
        { "credential", $"\"clientSecret\": \"{Made(Base62, 24)}\"," },
        { "credential", $"const API_KEY: &'static str = \"{Made(Hex, 32)}\";" },
        { "credential", $"private string pass" + "word = \"kW9!vR2$mQ7x\";" },
        { "credential", $"api_key = \"{MadeGuid}\"" },
        { "credential", $"token = \"{MadeGuid}-{Made(Hex, 8)}\"" },
        { "credential", $"config.accessToken := `{Made(Base62, 40)}`" },
        { "credential", $"setenv(\"API_TOKEN\", \"{Made(Base62, 32)}\", 1);" },
        { "credential", $"os.environ['SECRET_KEY'] = '{Made(Base62, 40)}'" },
    };

    public static TheoryData<string> Misses() => new()
    {
        "-----BEGIN PUBLIC " + "KEY-----\n" + Made(Base62, 64),
        "-----BEGIN CERTIFICATE-----\n" + Made(Base62, 64),
        "if (text.StartsWith(\"-----BEGIN PRIVATE " + "KEY-----\")) return Load(text);",
        "-----BEGIN RSA PRIVATE " + "KEY-----\n...\n-----END RSA PRIVATE KEY-----",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "AKIA" + Made("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 15),
        "xAKIA" + Made("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
        "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "aws_secret_access_key = os.environ['AWS_SECRET_ACCESS_KEY']",
        "aws commit key 356a192b7913b04c54574d18c28d46e6395428ab",
        "AccountKey={key};EndpointSuffix=x",
        "?sig=abc&sv=2022",
        "AIza" + Made(Base62, 20),
        "ghp_" + Made(Base62, 20),
        "ghp_" + new string('x', 36),
        "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789",
        "ghp_" + string.Concat(Enumerable.Repeat("aB7", 12)),
        "api_key = \"" + string.Concat(Enumerable.Repeat("a7", 12)) + "\"",
        "github_pat_" + Made(Base62, 10),
        "glpat-short",
        "npm_" + "config_registry_and_other_settings_x",
        "import pypi-AgE",
        "oy2" + Made(Lower + Digits, 20),
        "xoxb-your-token-here",
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        "sk_live_" + "your_key",
        "sk_test_" + "some_long_function_name_here",
        "whsec_short",
        "class=\"sk-circle-fade-dot-and-other-animations-of-the-loader\"",
        "task-" + Made(Lower, 40),
        "eyJhbGciOiJIUzI1NiJ9",
        "eyJhbGciOiJIUzI1NiJ9.payload.signature",
        "headers['Authorization'] = 'Bearer ' + token",
        "Authorization: Bearer <your token>",
        "postgres://postgres:postgres@localhost/test",
        "postgres://user:password@localhost/db",
        "postgres://${USER}:${PASSWORD}@localhost/db",
        "postgres://localhost:5432/db",
        "http://localhost:8080/@scope/package",
        "https://example.com/a:b/c@d",
        "Server=db;User Id=sa;Password=${PASSWORD};",
        "Server=db;User Id=sa;Password=" + "changeme;",
        "Server=db;Integrated Security=true;",
        "password = \"password\"",
        "password = input(\"password: \")",
        "token = \"access_token\"",
        "const tokenType = \"urn:ietf:params:oauth:token-type:jwt\";",
        "secretName: \"projects/main/secrets/database-url-v2\"",
        "string TokenCookie = \"RefreshTokenCookieName\";",
        "api_key = \"YOUR_API_KEY_1234\"",
        "api_key = \"<insert key 12>\"",
        "password: \"correct horse battery staple 1\"",
        "secret = \"aaaaaaaaaaaaaaaa1\"",
        "tokenizer_version = \"0.15.2-beta.1\"",
        "names = [\"keywords\", \"tokens\", \"symbol2label\"]",
        "tokenCodec = \"base64url-utf8\"",
        $"tokenId = \"{MadeGuid}\"",
        $"public static readonly Guid TokenScope = new(\"{MadeGuid}\");",
        $"const string CancellationToken_Id = \"{MadeGuid.ToUpperInvariant()}\";",
        "token.Kind == SyntaxKind.IdentifierToken1",
        "",
    };

    [Theory]
    [MemberData(nameof(Hits))]
    public void Finds(string rule, string text)
    {
        SecretFinding finding = Assert.Single(SecretScanner.Find($"first line\n{text}\nlast line"));
        Assert.Equal(rule, finding.RuleId);
        Assert.Equal(2, finding.Line);
    }

    [Theory]
    [MemberData(nameof(Misses))]
    public void LeavesAlone(string text) => Assert.Empty(SecretScanner.Find(text));

    [Fact]
    public void EveryRuleHasAHit()
    {
        IEnumerable<string> tested = Hits().Select(row => (string)row[0]);
        Assert.Equal(SecretRules.All.Select(r => r.Id).Distinct().Order(), tested.Distinct().Order());
    }

    [Fact]
    public void TheSpanIsTheSecretItself()
    {
        string token = $"ghp_{Made(Base62, 36)}";
        string text = $"// one\nlet x = \"{token}\"; let y = \"{token}\";\n";
        IReadOnlyList<SecretFinding> findings = SecretScanner.Find(text);
        Assert.Equal(2, findings.Count);
        Assert.All(findings, f => Assert.Equal(token, text.Substring(f.Start, f.Length)));
    }

    [Fact]
    public async Task AnEndlessLineIsSearchedInLinearTime()
    {
        // One megabyte on one line, full of keywords and beginnings of patterns.
        string text = string.Concat(Enumerable.Repeat("password=token:\"secret\"://a:b;pwd=server=sig=sk-eyJ", 20_000)) + $" ghp_{Made(Base62, 36)}";
        IReadOnlyList<SecretFinding> findings = await Task.Run(() => SecretScanner.Find(text)).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains(findings, f => f.RuleId == "github-token");
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("aaaa", 0)]
    [InlineData("abab", 1)]
    [InlineData("abcdefgh", 3)]
    public void EntropyIsInBitsACharacter(string text, double expected) => Assert.Equal(expected, SecretScanner.Entropy(text), 12);

    // Evenly spread characters in an order that looks random: the same in every run.
    private static string Made(string alphabet, int length)
    {
        var random = new Random(alphabet.Length + (length * 31));
        return string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));
    }

    private static string Pem(string label, string lineEnd) =>
        $"-----BEGIN {label}-----" + lineEnd + Made(Base62 + "+/", 64) + lineEnd + Made(Base62 + "+/", 40) + lineEnd + $"-----END {label}-----";
}
