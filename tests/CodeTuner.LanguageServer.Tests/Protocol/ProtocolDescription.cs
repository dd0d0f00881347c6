using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CodeTuner.Tests;

namespace CodeTuner.LanguageServer.Tests.Protocol;

/// <summary>LSP as TypeScript declares it; <c>describe-protocol.mjs</c> says what each part means.</summary>
internal sealed record ProtocolDescription(Dictionary<string, DeclaredType> Types, Dictionary<string, DeclaredMessage> Messages)
{
    private static readonly Lazy<ProtocolDescription> FromPackage = new(Load);

    /// <summary>What the package <c>vscode-languageserver-protocol</c> in <c>node_modules</c> declares.</summary>
    public static ProtocolDescription OfPackage => FromPackage.Value;

    public static ProtocolDescription Parse(string json) =>
        JsonSerializer.Deserialize<ProtocolDescription>(json, JsonSerializerOptions.Web)!;

    /// <summary>Every form that a type may take, references and unions opened, with the names passed on the way to each.</summary>
    public IEnumerable<Form> FormsOf(TypeExpression type) => FormsOf(type, []);

    private IEnumerable<Form> FormsOf(TypeExpression type, string[] names)
    {
        switch (type.Kind)
        {
            case "union":
                return type.Of!.SelectMany(t => FormsOf(t, names));
            case "reference":
                DeclaredType named = Types.GetValueOrDefault(type.Name!)
                    ?? throw new InvalidOperationException($"The package refers to {type.Name} and does not declare it.");
                names = [.. names, type.Name!];
                return named.Is is { } other
                    ? FormsOf(other, names)
                    : [new Form(new TypeExpression("object") { Properties = named.Properties }, names)];
            default:
                return [new Form(type, names)];
        }
    }

    private static ProtocolDescription Load()
    {
        string script = Path.Combine(
            Repository.Root, "tests", "CodeTuner.LanguageServer.Tests", "Protocol", "describe-protocol.mjs");
        var start = new ProcessStartInfo("node", [script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = Repository.Root,
        };
        using Process node = Start(start);
        Task<string> output = node.StandardOutput.ReadToEndAsync();
        Task<string> errors = node.StandardError.ReadToEndAsync();
        if (!node.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            node.Kill(entireProcessTree: true);
            throw new TimeoutException($"{script} did not end within two minutes.");
        }

        return node.ExitCode == 0
            ? Parse(output.Result)
            : throw new InvalidOperationException($"{script} failed. Where a module is missing, run npm ci.\n{errors.Result}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException("The LSP types are checked with node. Install Node 20, then run npm ci.", e);
        }
    }
}

/// <param name="Properties">Of an object, by name.</param>
/// <param name="Is">What any other type stands for.</param>
/// <param name="Constants">The values that have names: numbers or strings.</param>
internal sealed record DeclaredType(
    Dictionary<string, DeclaredProperty>? Properties = null, TypeExpression? Is = null, Dictionary<string, JsonElement>? Constants = null);

internal sealed record DeclaredProperty(bool Optional, TypeExpression Type);

/// <param name="Kind"><c>request</c> or <c>notification</c>.</param>
/// <param name="Direction"><c>clientToServer</c>, <c>serverToClient</c> or <c>both</c>.</param>
/// <param name="Params">The parameters.</param>
/// <param name="Result">The result; <c>void</c> for a notification.</param>
internal sealed record DeclaredMessage(string Kind, string Direction, TypeExpression Params, TypeExpression Result);

internal sealed record TypeExpression(string Kind)
{
    public string? Name { get; init; }

    public JsonElement Value { get; init; }

    public TypeExpression? Element { get; init; }

    public TypeExpression[]? Of { get; init; }

    public Dictionary<string, DeclaredProperty>? Properties { get; init; }
}

/// <param name="Type">No union and no reference.</param>
/// <param name="Names">The declared names that led to it, the outermost first.</param>
internal sealed record Form(TypeExpression Type, string[] Names)
{
    public string Kind => Type.Kind;

    public override string ToString() => Names is [.., string last] ? last : Kind == "literal" ? Type.Value.GetRawText() : Kind;
}
