using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.Tests;

namespace CodeTuner.LanguageServer.Tests.Features;

/// <summary>docs/protocol.md and the code say the same.</summary>
public partial class ProtocolDocumentTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "protocol.md"));

    [Fact]
    public void TheHashIsThatOfTheTypes()
    {
        string folder = Path.Combine(Repository.Root, "server", "CodeTuner.LanguageServer", "Protocol", "Extensions");
        string types = string.Concat(Directory.GetFiles(folder, "*.cs").Order(StringComparer.Ordinal).Select(File.ReadAllText)).ReplaceLineEndings("\n");
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(types)))[..16];
        string written = HashLine().Match(Page).Groups[1].Value;
        Assert.True(hash == written, $"The types of the protocol changed. Check docs/protocol.md, then write <!-- extensions: {hash} --> into it.");
    }

    [Fact]
    public void EveryMethodIsDescribedAndEveryDescribedOneIsThere()
    {
        IEnumerable<string> code = typeof(ExtensionMethods).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(f => (string)f.FieldType.GetProperty("Name")!.GetValue(f.GetValue(null))!);
        IEnumerable<string> page = MethodRow().Matches(Page).Select(m => m.Groups[1].Value);
        Assert.Equal(code.Order(StringComparer.Ordinal), page.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EverySettingIsDescribedAndEveryDescribedOneIsThere()
    {
        IEnumerable<string> code = Names(typeof(ServerSettings), "");
        IEnumerable<string> page = SettingRow().Matches(Page[Page.IndexOf("## Settings", StringComparison.Ordinal)..Page.IndexOf("## Requests", StringComparison.Ordinal)])
            .Select(m => m.Groups[1].Value).Where(n => n != "setting");
        Assert.Equal(code.Order(StringComparer.Ordinal), page.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Names(Type type, string prefix) => type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(p => p.CanWrite)
        .SelectMany(p =>
        {
            string name = prefix + char.ToLowerInvariant(p.Name[0]) + p.Name[1..];
            return p.PropertyType.Namespace == type.Namespace ? Names(p.PropertyType, name + ".") : [name];
        });

    [GeneratedRegex("<!-- extensions: ([0-9a-f]+) -->")]
    private static partial Regex HashLine();

    [GeneratedRegex(@"^\| `(codetuner/\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex MethodRow();

    [GeneratedRegex(@"^\| `([\w.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex SettingRow();
}
