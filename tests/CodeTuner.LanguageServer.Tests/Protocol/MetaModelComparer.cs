using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Tests.Protocol;

/// <summary>Holds the server's types, as their generated code reads and writes them, against the meta model. Gathers every difference.</summary>
internal sealed class MetaModelComparer(MetaModel model)
{
    /// <summary>One line a difference.</summary>
    public List<string> Differences { get; } = [];

    /// <summary>The types that were looked at, properties and all.</summary>
    public HashSet<Type> Seen { get; } = [];

    /// <summary>Compares a type of ours with one of the meta model, which stand in the same <paramref name="place"/>.</summary>
    public void Compare(string place, JsonTypeInfo ours, JsonElement meta)
    {
        List<JsonElement> alternatives = [.. model.Alternatives(meta).Where(t => !MetaModel.IsNull(t))];
        if (Nullable.GetUnderlyingType(ours.Type) is { } underlying)
            ours = Info(underlying);

        if (ours.PolymorphismOptions is { } options)
        {
            foreach (JsonDerivedType derived in options.DerivedTypes)
                CompareDerived(place, derived, options.TypeDiscriminatorPropertyName, alternatives);
        }
        else if (ours.Kind == JsonTypeInfoKind.Object)
        {
            CompareNamed(place, ours, meta, alternatives);
        }
        else if (ours.Kind == JsonTypeInfoKind.Enumerable)
        {
            JsonElement[] arrays = [.. alternatives.Where(t => MetaModel.Kind(t) == "array")];
            Check(place, arrays.Length > 0, "is no array");
            if (arrays.Length > 0)
                Compare(place + "[]", Info(ours.ElementType!), Choice([.. arrays.Select(t => t.GetProperty("element"))]));
        }
        else if (ours.Kind == JsonTypeInfoKind.Dictionary)
        {
            JsonElement[] maps = [.. alternatives.Where(t => MetaModel.Kind(t) == "map")];
            Check(place, maps.Length > 0, "is no map");
            if (maps.Length > 0)
                Compare(place + "{}", Info(ours.ElementType!), maps[0].GetProperty("value"));
        }
        else
        {
            Check(place, alternatives.Exists(t => IsSimple(ours.Type, t)), $"is not a {ours.Type.Name}");
            if (ours.Type.IsEnum)
                CompareEnum(ours.Type);
        }
    }

    private void CompareNamed(string place, JsonTypeInfo ours, JsonElement meta, List<JsonElement> alternatives)
    {
        bool named = IsNamed(meta, ours.Type) || alternatives.Exists(t => IsNamed(t, ours.Type));
        Check(place, named, $"is not a {ours.Type.Name}");
        CompareProperties(ours, discriminator: null);
    }

    private void CompareDerived(string place, JsonDerivedType derived, string discriminator, List<JsonElement> alternatives)
    {
        bool fits = alternatives.Exists(t => MetaModel.IsAny(t) || IsNamed(t, derived.DerivedType));
        Check(place, fits, $"cannot be a {derived.DerivedType.Name}");
        if (model.Properties(derived.DerivedType.Name) is { } properties)
        {
            string? value = properties.TryGetValue(discriminator, out var kind) ? kind.Type.GetProperty("value").GetString() : null;
            Check(derived.DerivedType.Name, value == derived.TypeDiscriminator as string, $"has the {discriminator} {value}");
        }

        CompareProperties(Info(derived.DerivedType), discriminator);
    }

    private void CompareProperties(JsonTypeInfo ours, string? discriminator)
    {
        if (!Seen.Add(ours.Type))
            return;
        if (model.Properties(ours.Type.Name) is not { } properties)
        {
            Differences.Add($"{ours.Type.Name}: no such structure");
            return;
        }

        foreach (JsonPropertyInfo property in ours.Properties)
        {
            string place = $"{ours.Type.Name}.{property.Name}";
            if (!properties.TryGetValue(property.Name, out (JsonElement Type, bool Optional) meta))
            {
                Differences.Add($"{place}: no such property");
                continue;
            }

            bool required = property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false };
            Check(place, required != meta.Optional, meta.Optional ? "may be left out" : "is required");
            bool nullable = meta.Optional || model.Alternatives(meta.Type).Any(MetaModel.IsNull);
            Check(place, property.IsGetNullable == nullable || property.PropertyType == typeof(JsonElement), nullable ? "may be null" : "is never null");
            // What is required must be written, null or not.
            if (required && nullable && property.ShouldSerialize is { } shouldSerialize && !IsOnlyRead(ours.Type))
                Check(place, shouldSerialize(new object(), null), "is required and left out when null");
            Compare(place, Info(property.PropertyType), meta.Type);
        }

        // What we send must have all that the client may count on.
        foreach ((string name, (JsonElement _, bool optional)) in properties)
            Check($"{ours.Type.Name}.{name}", optional || name == discriminator || ours.Properties.Any(p => p.Name == name), "is required and missing");
    }

    private void CompareEnum(Type type)
    {
        if (!Seen.Add(type) || !model.Enumerations.TryGetValue(type.Name, out JsonElement meta))
            return;
        Dictionary<string, int> values = meta.GetProperty("values").EnumerateArray().ToDictionary(MetaModel.Name, v => v.GetProperty("value").GetInt32());
        foreach (object value in Enum.GetValues(type))
            Check($"{type.Name}.{value}", values.TryGetValue(value.ToString()!, out int expected) && expected == (int)value, "has another value");
    }

    private bool IsSimple(Type ours, JsonElement meta)
    {
        string kind = MetaModel.Kind(meta);
        string name = kind is "base" or "reference" ? MetaModel.Name(meta) : "";
        if (ours.IsEnum)
            return name == ours.Name && model.Enumerations.ContainsKey(name);
        if (ours == typeof(string))
            return name is "string" or "DocumentUri" or "URI" || (model.Enumerations.TryGetValue(name, out JsonElement e) && MetaModel.Name(e.GetProperty("type")) == "string");
        if (ours == typeof(IntegerOrString))
            return name is "integer" or "string";
        if (ours == typeof(JsonElement))
            return MetaModel.IsAny(meta);
        if (ours == typeof(int))
            return name == "integer";
        if (ours == typeof(uint))
            return name == "uinteger";
        return ours == typeof(bool) && name == "boolean";
    }

    // Every parameter of a request to the server is only read, so how it would be written does not matter.
    private static bool IsOnlyRead(Type type) => type == typeof(InitializeParams);

    private static bool IsNamed(JsonElement meta, Type type) => MetaModel.Kind(meta) == "reference" && MetaModel.Name(meta) == type.Name;

    private static JsonTypeInfo Info(Type type) =>
        LspJsonContext.Default.GetTypeInfo(type) ?? throw new InvalidOperationException($"{type} is not in the JSON context.");

    private static JsonElement Choice(JsonElement[] items) => items.Length == 1
        ? items[0]
        : JsonDocument.Parse($$"""{"kind":"or","items":[{{string.Join(',', items.Select(i => i.GetRawText()))}}]}""").RootElement;

    private void Check(string place, bool fits, string difference)
    {
        if (!fits)
            Differences.Add($"{place}: {difference}");
    }
}
