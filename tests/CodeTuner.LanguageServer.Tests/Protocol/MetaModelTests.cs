using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Tests.Protocol;

public class MetaModelTests
{
    [Theory]
    [InlineData(typeof(ServerMethods), "clientToServer", 18)]
    [InlineData(typeof(ClientMethods), "serverToClient", 12)]
    public void MethodsAreThoseOfTheProtocol(Type methods, string direction, int expected)
    {
        var comparer = new MetaModelComparer(MetaModel.Lsp);
        FieldInfo[] fields = methods.GetFields();
        Assert.Equal(expected, fields.Length);
        foreach (FieldInfo field in fields)
            CompareMethod(comparer, field.GetValue(null)!, direction);
        Assert.Empty(comparer.Differences);
    }

    [Fact]
    public void RegistrationOptionsAreThoseOfTheProtocol()
    {
        var comparer = new MetaModelComparer(MetaModel.Lsp);
        foreach (JsonTypeInfo options in new JsonTypeInfo[]
        {
            LspJsonContext.Default.InlineCompletionRegistrationOptions,
            LspJsonContext.Default.DidChangeConfigurationRegistrationOptions,
        })
            comparer.Compare("options", options, Reference(options.Type.Name));
        Assert.Empty(comparer.Differences);
    }

    [Fact]
    public void EveryTypeOfTheProtocolFolderIsCompared()
    {
        var comparer = new MetaModelComparer(MetaModel.Lsp);
        foreach (FieldInfo field in typeof(ServerMethods).GetFields())
            CompareMethod(comparer, field.GetValue(null)!, "clientToServer");
        foreach (FieldInfo field in typeof(ClientMethods).GetFields())
            CompareMethod(comparer, field.GetValue(null)!, "serverToClient");
        comparer.Compare("options", LspJsonContext.Default.InlineCompletionRegistrationOptions, Reference("InlineCompletionRegistrationOptions"));
        comparer.Compare("options", LspJsonContext.Default.DidChangeConfigurationRegistrationOptions, Reference("DidChangeConfigurationRegistrationOptions"));

        IEnumerable<Type> all = typeof(ServerMethods).Assembly.GetTypes().Where(t =>
            t.Namespace == typeof(ServerMethods).Namespace && !t.IsNested && !t.IsInterface && !t.IsAbstract && t != typeof(LspJsonContext));
        Assert.Empty(all.Except(comparer.Seen));
    }

    [Theory]
    [InlineData(typeof(PositionEncodingKind), "PositionEncodingKind")]
    [InlineData(typeof(MarkupKind), "MarkupKind")]
    [InlineData(typeof(CodeActionKind), "CodeActionKind")]
    [InlineData(typeof(ErrorCodes), "ErrorCodes", "LSPErrorCodes")]
    public void ConstantsAreThoseOfTheProtocol(Type constants, params string[] enumerations)
    {
        Dictionary<string, string> values = enumerations
            .SelectMany(name => MetaModel.Lsp.Enumerations[name].GetProperty("values").EnumerateArray())
            .ToDictionary(MetaModel.Name, value => value.GetProperty("value").ToString());
        Assert.NotEmpty(constants.GetFields());
        foreach (FieldInfo field in constants.GetFields())
            Assert.Equal(values[field.Name], FormattableString.Invariant($"{field.GetRawConstantValue()}"));
    }

    [Theory]
    [InlineData("CodeActionParams", "is not a HoverParams")]
    [InlineData("Hover", "is not a HoverParams")]
    public void ADifferenceIsSeen(string other, string expected)
    {
        var comparer = new MetaModelComparer(MetaModel.Lsp);
        comparer.Compare("params", LspJsonContext.Default.HoverParams, Reference(other));
        Assert.Contains($"params: {expected}", comparer.Differences);
    }

    private static void CompareMethod(MetaModelComparer comparer, object method, string direction)
    {
        var name = (string)method.GetType().GetProperty("Name")!.GetValue(method)!;
        var parameters = (JsonTypeInfo)method.GetType().GetProperty("Params")!.GetValue(method)!;
        var result = (JsonTypeInfo?)method.GetType().GetProperty("Result")?.GetValue(method);
        JsonElement meta = (result is null ? MetaModel.Lsp.Notifications : MetaModel.Lsp.Requests)[name];

        Assert.Contains(meta.GetProperty("messageDirection").GetString(), new[] { direction, "both" });
        Assert.Equal(meta.TryGetProperty("params", out JsonElement metaParams), parameters.Type != typeof(Nothing));
        if (parameters.Type != typeof(Nothing))
        {
            // The meta model leaves open what progress carries; the server sends one thing.
            comparer.Compare(name, parameters, metaParams);
        }

        if (result is null)
            return;
        JsonElement metaResult = meta.GetProperty("result");
        if (result.Type == typeof(Nothing))
            Assert.True(MetaModel.IsNull(metaResult));
        else
            comparer.Compare($"{name} result", result, metaResult);
    }

    private static JsonElement Reference(string name) => JsonDocument.Parse($$"""{"kind":"reference","name":"{{name}}"}""").RootElement;
}
