using System.Text.Json;

namespace CodeTuner.LanguageServer.Tests.Protocol;

/// <summary>LSP 3.18 as data: see metaModel.LICENSE.txt for where the file comes from.</summary>
internal sealed class MetaModel
{
    public static readonly MetaModel Lsp = new(JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "metaModel.json"))).RootElement);

    private readonly Dictionary<string, JsonElement> _structures;
    private readonly Dictionary<string, JsonElement> _aliases;

    private MetaModel(JsonElement root)
    {
        _structures = ByName(root.GetProperty("structures"));
        _aliases = ByName(root.GetProperty("typeAliases"));
        Enumerations = ByName(root.GetProperty("enumerations"));
        Requests = root.GetProperty("requests").EnumerateArray().ToDictionary(r => r.GetProperty("method").GetString()!);
        Notifications = root.GetProperty("notifications").EnumerateArray().ToDictionary(r => r.GetProperty("method").GetString()!);
    }

    public IReadOnlyDictionary<string, JsonElement> Enumerations { get; }

    public IReadOnlyDictionary<string, JsonElement> Requests { get; }

    public IReadOnlyDictionary<string, JsonElement> Notifications { get; }

    /// <summary>The types that a type stands for: none of them an alias or a choice.</summary>
    public IEnumerable<JsonElement> Alternatives(JsonElement type)
    {
        string kind = Kind(type);
        if (kind == "or")
            return type.GetProperty("items").EnumerateArray().SelectMany(Alternatives);
        if (kind == "reference" && !IsAny(type) && _aliases.TryGetValue(Name(type), out JsonElement alias))
            return Alternatives(alias.GetProperty("type"));
        return [type];
    }

    /// <summary>
    /// A structure's properties with those it inherits: name → type and whether it may be left out. An alias of
    /// several structures has the properties of all, and what one of them lacks may be left out. Null where there is no such name.
    /// </summary>
    public Dictionary<string, (JsonElement Type, bool Optional)>? Properties(string name)
    {
        if (_structures.TryGetValue(name, out JsonElement structure))
            return Properties(structure);
        if (!_aliases.TryGetValue(name, out JsonElement alias))
            return null;
        List<Dictionary<string, (JsonElement Type, bool Optional)>> all = [.. Alternatives(alias.GetProperty("type")).Select(t => Properties(Name(t))!)];
        return all.SelectMany(p => p.Keys).Distinct().ToDictionary(
            key => key, key => (all.First(p => p.ContainsKey(key))[key].Type, all.Any(p => !p.TryGetValue(key, out var property) || property.Optional)));
    }

    public static string Kind(JsonElement type) => type.GetProperty("kind").GetString()!;

    public static string Name(JsonElement type) => type.GetProperty("name").GetString()!;

    public static bool IsNull(JsonElement type) => Kind(type) == "base" && Name(type) == "null";

    public static bool IsAny(JsonElement type) => Kind(type) == "reference" && Name(type) is "LSPAny" or "LSPObject";

    private Dictionary<string, (JsonElement Type, bool Optional)> Properties(JsonElement structure)
    {
        Dictionary<string, (JsonElement, bool)> properties = [];
        foreach (string parents in new[] { "extends", "mixins" })
        {
            if (!structure.TryGetProperty(parents, out JsonElement list))
                continue;
            foreach ((string key, (JsonElement, bool) value) in list.EnumerateArray().SelectMany(parent => Properties(Name(parent))!))
                properties[key] = value;
        }

        foreach (JsonElement property in structure.GetProperty("properties").EnumerateArray())
            properties[Name(property)] = (property.GetProperty("type"), property.TryGetProperty("optional", out JsonElement optional) && optional.GetBoolean());
        return properties;
    }

    private static Dictionary<string, JsonElement> ByName(JsonElement list) => list.EnumerateArray().ToDictionary(Name);
}
