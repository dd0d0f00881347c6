using System.Text.Json;

namespace CodeTuner.LanguageServer.Tests.Protocol;

/// <summary>Compares JSON with what LSP declares: properties that are not declared, required ones that are missing, wrong values.</summary>
internal sealed class JsonChecker(ProtocolDescription lsp)
{
    private readonly List<string> _slips = [];

    /// <summary>What differs, a line each.</summary>
    public IReadOnlyList<string> Slips => _slips;

    public void Check(string type, JsonElement json) =>
        _slips.AddRange(Differences(type, new TypeExpression("reference") { Name = type }, json));

    // Of several forms, the one that differs least.
    private string[] Differences(string path, TypeExpression type, JsonElement json) =>
        lsp.FormsOf(type).Select(f => Differences(path, f, json)).MinBy(d => d.Length) ?? [$"{path} has no type."];

    private string[] Differences(string path, Form form, JsonElement json) => form.Kind switch
    {
        "any" => [],
        "object" when json.ValueKind == JsonValueKind.Object => [.. ObjectDifferences(path, form.Type.Properties!, json)],
        "array" when json.ValueKind == JsonValueKind.Array =>
            [.. json.EnumerateArray().SelectMany((e, i) => Differences($"{path}[{i}]", form.Type.Element!, e))],
        "map" when json.ValueKind == JsonValueKind.Object =>
            [.. json.EnumerateObject().SelectMany(p => Differences($"{path}.{p.Name}", form.Type.Element!, p.Value))],
        _ when IsOf(form, json) => [],
        _ => [$"{path} is {json.GetRawText()}, not {form}."],
    };

    private IEnumerable<string> ObjectDifferences(string path, Dictionary<string, DeclaredProperty> declared, JsonElement json)
    {
        foreach (JsonProperty property in json.EnumerateObject())
        {
            string[] differences = declared.TryGetValue(property.Name, out DeclaredProperty? expected)
                ? Differences($"{path}.{property.Name}", expected.Type, property.Value)
                : [$"{path}.{property.Name} is no property of it in LSP."];
            foreach (string difference in differences)
                yield return difference;
        }

        foreach ((string name, _) in declared.Where(p => !p.Value.Optional && !json.TryGetProperty(p.Key, out _)))
            yield return $"{path}.{name} is required by LSP and missing.";
    }

    private static bool IsOf(Form form, JsonElement json) => form.Kind switch
    {
        "string" => json.ValueKind == JsonValueKind.String,
        "boolean" => json.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out _),
        "uinteger" => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int number) && number >= 0,
        "decimal" or "number" => json.ValueKind == JsonValueKind.Number,
        "null" or "void" => json.ValueKind == JsonValueKind.Null,
        "literal" => JsonElement.DeepEquals(form.Type.Value, json),
        _ => false,
    };
}
