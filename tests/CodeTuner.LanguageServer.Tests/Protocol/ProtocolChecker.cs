using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Tests.Protocol;

/// <summary>Who writes a value, and so which side may be the narrower one.</summary>
internal enum Way
{
    /// <summary>The server writes it: it may keep to one of the forms that LSP allows, and must write all that LSP requires.</summary>
    Sent,

    /// <summary>The client writes it: every form that LSP allows must be read, and what the server has no use for may be missing.</summary>
    Received,
}

/// <summary>Compares how the server's types are read and written with what LSP declares, and gathers where they differ.</summary>
/// <param name="lsp">What LSP declares.</param>
/// <param name="options">How the server's types are read and written.</param>
internal sealed class ProtocolChecker(ProtocolDescription lsp, JsonSerializerOptions options)
{
    private readonly List<string> _slips = [];
    private readonly HashSet<(Type Type, string Expected, Way Way)> _objects = [];
    private readonly HashSet<Type> _types = [];

    /// <summary>What differs, a line each.</summary>
    public IReadOnlyList<string> Slips => _slips;

    /// <summary>The types that were compared.</summary>
    public IReadOnlySet<Type> Types => _types;

    /// <summary>Compares the methods that are a class's static fields.</summary>
    /// <param name="methods">Holds <see cref="RequestMethod{TParams,TResult}"/> and <see cref="NotificationMethod{TParams}"/>.</param>
    /// <param name="direction"><c>clientToServer</c> or <c>serverToClient</c>.</param>
    /// <param name="returning">Requests whose parameters the other side had from this one.</param>
    public void CheckMethods(Type methods, string direction, params string[] returning)
    {
        Way asked = direction == "clientToServer" ? Way.Received : Way.Sent;
        Way answered = asked == Way.Received ? Way.Sent : Way.Received;
        foreach (FieldInfo field in methods.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        {
            object method = field.GetValue(null)!;
            string name = (string)method.GetType().GetProperty("Name")!.GetValue(method)!;
            NullabilityInfo[] types = new NullabilityInfoContext().Create(field).GenericTypeArguments;
            string kind = types.Length == 2 ? "request" : "notification";
            if (!lsp.Messages.TryGetValue(name, out DeclaredMessage? message))
            {
                Slip(name, "is no method of LSP");
                continue;
            }

            if (message.Kind != kind)
                Slip(name, $"is a {message.Kind}, not a {kind}");
            if (message.Direction != direction && message.Direction != "both")
                Slip(name, $"goes {message.Direction}, not {direction}");
            CheckParams(name, types[0], message.Params, returning.Contains(name) ? answered : asked);
            if (kind == "request")
                CheckResult(name, types[1], message.Result, answered);
        }
    }

    /// <summary>Compares a type with the one of its name: for a type that no method leads to.</summary>
    public void Check(Type type, Way way) => CheckNamed(type.Name, type, type, way);

    /// <summary>Compares the string constants of a class with the values of the type of its name.</summary>
    public void CheckConstants(Type type)
    {
        _types.Add(type);
        Dictionary<string, JsonElement> declared = lsp.Types.GetValueOrDefault(type.Name)?.Constants ?? [];
        foreach (FieldInfo field in type.GetFields(BindingFlags.Static | BindingFlags.Public))
        {
            string value = (string)field.GetRawConstantValue()!;
            if (!declared.TryGetValue(field.Name, out JsonElement expected) || !expected.ValueEquals(value))
                Slip($"{type.Name}.{field.Name}", $"is \"{value}\", which LSP does not have under this name");
        }
    }

    private void CheckParams(string method, NullabilityInfo type, TypeExpression expected, Way way)
    {
        if (expected.Kind != "void" && type.ReadState == NullabilityState.Nullable)
            Slip($"{method} params", "is never null");
        CheckValue($"{method} params", type.Type, expected, way);
    }

    private void CheckResult(string method, NullabilityInfo type, TypeExpression expected, Way way)
    {
        bool nullable = type.ReadState == NullabilityState.Nullable;
        bool mayBeNull = lsp.FormsOf(expected).Any(f => f.Kind is "null" or "void" or "any");
        if (nullable && !mayBeNull)
            Slip($"{method} result", "is never null");
        if (!nullable && mayBeNull && way == Way.Received && type.Type != typeof(JsonElement))
            Slip($"{method} result", "may be null");
        CheckValue($"{method} result", type.Type, expected, way);
    }

    private void CheckValue(string path, Type type, TypeExpression expected, Way way) =>
        CheckShapes(path, Bare(type), [.. ShapesOf(Bare(type))], expected, way);

    private void CheckShapes(string path, Type type, Type[] shapes, TypeExpression expected, Way way)
    {
        Form[] forms = [.. lsp.FormsOf(expected).Where(f => f.Kind != "null")];
        if (forms.Any(f => f.Kind == "any"))
        {
            if (way == Way.Received && type != typeof(JsonElement))
                Slip(path, $"may be anything, not only {type.Name}");
            // What goes where anything may go is a type of LSP all the same.
            foreach (Type shape in shapes.Where(s => way == Way.Sent && IsObject(s)))
                CheckNamed(path, type, shape, way);
            return;
        }

        if (way == Way.Received)
        {
            foreach (Form missed in forms.Where(f => !shapes.Any(s => Fits(s, f, way))))
                Slip(path, $"may be {missed}, which {type.Name} does not read");
        }

        foreach (Type shape in shapes)
        {
            Form[] fitting = [.. forms.Where(f => Fits(shape, f, way))];
            if (fitting.Length == 0)
                Slip(path, $"is {shape.Name}, where LSP has {string.Join(" or ", forms.Select(f => f.ToString()).Distinct())}");
            else
                CheckShape(path, type, shape, fitting, way);
        }
    }

    private void CheckNamed(string path, Type type, Type shape, Way way)
    {
        if (lsp.Types.ContainsKey(shape.Name))
            CheckShapes(path, type, [shape], new TypeExpression("reference") { Name = shape.Name }, way);
        else
            Slip(path, $"is {shape.Name}, which is no type of LSP");
    }

    private void CheckShape(string path, Type type, Type shape, Form[] forms, Way way)
    {
        Form first = forms[0];
        if (shape.IsEnum)
        {
            CheckEnum(shape);
        }
        else if (first.Kind is "array" or "map" && ElementType(shape) is { } element)
        {
            foreach (Form form in forms)
                CheckValue($"{path}[]", element, form.Type.Element!, way);
        }
        else if (IsObject(shape))
        {
            if (forms.Length > 1 && way == Way.Sent)
                Slip(path, $"is one of several types that {shape.Name} stands for, so LSP's rules for each are not kept apart");
            CheckObject(type, shape, forms.Length == 1 ? first.Type.Properties! : Merge(forms), string.Join('|', (object[])forms), way);
        }
    }

    private bool Fits(Type type, Form form, Way way) => form.Kind switch
    {
        _ when type == typeof(JsonElement) => way == Way.Received,
        "void" => type == typeof(Nothing),
        "string" => type == typeof(string),
        "boolean" => type == typeof(bool),
        "integer" => type == typeof(int),
        "uinteger" => type == typeof(uint) || IsEnumOf(type, form),
        "decimal" => type == typeof(double),
        // Only the JSON-RPC package has numbers of no kind. They are ids, which JSON-RPC wants to be whole.
        "number" => type == typeof(int),
        "literal" when form.Type.Value.ValueKind == JsonValueKind.Number => IsEnumOf(type, form),
        "literal" => type == typeof(string) && (way == Way.Received || form.Names.Any(HasConstants)),
        "array" => type.IsArray,
        "map" => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>),
        "object" => IsObject(type) && (form.Names.Length == 0 || form.Names.Contains(type.Name)),
        _ => false,
    };

    private static bool IsEnumOf(Type type, Form form) => type.IsEnum && form.Names.Contains(type.Name);

    private static bool HasConstants(string name) =>
        typeof(MarkupKind).Assembly.GetType($"{typeof(MarkupKind).Namespace}.{name}") is { IsAbstract: true, IsSealed: true };

    private bool IsObject(Type type) => options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object;

    private static Type? ElementType(Type type) => type.IsArray ? type.GetElementType() : type.GetGenericArguments()[^1];

    /// <summary>The types that may stand for one: its derived types, the two of an <see cref="IntegerOrString"/>, or itself.</summary>
    private IEnumerable<Type> ShapesOf(Type type)
    {
        if (type == typeof(IntegerOrString))
            return [typeof(int), typeof(string)];
        if (options.GetTypeInfo(type).PolymorphismOptions is not { } polymorphism)
            return [type];
        _types.Add(type);
        return polymorphism.DerivedTypes.Select(d => d.DerivedType);
    }

    private void CheckEnum(Type type)
    {
        if (!_types.Add(type))
            return;
        Dictionary<string, JsonElement> declared = lsp.Types[type.Name].Constants ?? [];
        string expected = string.Join(", ", declared.Select(c => $"{c.Key} = {c.Value}").Order(StringComparer.Ordinal));
        IEnumerable<string> members = Enum.GetNames(type).Select(n => $"{n} = {(int)Enum.Parse(type, n)}");
        string actual = string.Join(", ", members.Order(StringComparer.Ordinal));
        if (actual != expected)
            Slip(type.Name, $"has {actual}, where LSP has {expected}");
        string json = JsonSerializer.Serialize(Enum.GetValues(type).GetValue(0), options.GetTypeInfo(type));
        if (json != ((int)Enum.GetValues(type).GetValue(0)!).ToString(System.Globalization.CultureInfo.InvariantCulture))
            Slip(type.Name, $"is written as {json}, where LSP has a number");
    }

    private void CheckObject(Type type, Type shape, Dictionary<string, DeclaredProperty> expected, string name, Way way)
    {
        _types.Add(shape);
        if (!_objects.Add((shape, name, way)))
            return;
        JsonPropertyInfo[] properties = [.. options.GetTypeInfo(shape).Properties.Where(p => p.Get is not null)];
        foreach (JsonPropertyInfo property in properties)
        {
            string path = $"{shape.Name}.{property.Name}";
            if (expected.TryGetValue(property.Name, out DeclaredProperty? declared))
                CheckProperty(path, shape, property, declared, way);
            else
                Slip(path, "is no property of it in LSP");
        }

        HashSet<string> written = [.. properties.Select(p => p.Name)];
        if (options.GetTypeInfo(type).PolymorphismOptions is { } polymorphism)
            CheckDiscriminator(shape, polymorphism, expected, written);
        if (way == Way.Sent)
        {
            foreach ((string missing, _) in expected.Where(p => !p.Value.Optional && !written.Contains(p.Key)))
                Slip($"{shape.Name}.{missing}", "is required by LSP and not written");
        }
    }

    private void CheckProperty(string path, Type shape, JsonPropertyInfo property, DeclaredProperty declared, Way way)
    {
        Form[] forms = [.. lsp.FormsOf(declared.Type)];
        bool any = forms.Any(f => f.Kind == "any");
        bool mayBeNull = forms.Any(f => f.Kind == "null");
        bool nullable = IsNullable(property);
        bool required = property.IsRequired;
        if (declared.Optional)
        {
            if (!nullable || required)
                Slip(path, "is optional in LSP, so it must be nullable and not required");
            else if (way == Way.Sent && !mayBeNull && IsWrittenWhenNull(shape, property))
                Slip(path, "is written when null, where LSP has it left out");
        }
        else if (!any)
        {
            if (!required)
                Slip(path, "is required by LSP, so it must be required here");
            if (nullable != mayBeNull)
                Slip(path, mayBeNull ? "may be null in LSP, so it must be nullable" : "is never null in LSP, so it must not be nullable");
            else if (way == Way.Sent && mayBeNull && !IsWrittenWhenNull(shape, property))
                Slip(path, "is left out when null, where LSP has it written");
        }

        // Its converter reads both of LSP's forms as text, and writes one.
        Type[] shapes = property.CustomConverter is DiagnosticMessageConverter && way == Way.Received
            ? [typeof(string), typeof(MarkupContent)]
            : [.. ShapesOf(Bare(property.PropertyType))];
        CheckShapes(path, Bare(property.PropertyType), shapes, declared.Type, way);
    }

    private void CheckDiscriminator(
        Type shape, JsonPolymorphismOptions polymorphism, Dictionary<string, DeclaredProperty> expected, HashSet<string> written)
    {
        object? value = polymorphism.DerivedTypes.Single(d => d.DerivedType == shape).TypeDiscriminator;
        if (value is null)
            return;
        string name = polymorphism.TypeDiscriminatorPropertyName;
        written.Add(name);
        if (!expected.TryGetValue(name, out DeclaredProperty? declared))
            Slip($"{shape.Name}.{name}", "is no property of it in LSP");
        else if (declared.Type.Kind != "literal" || !declared.Type.Value.ValueEquals(value as string))
            Slip($"{shape.Name}.{name}", $"is \"{value}\", where LSP has {declared.Type.Value}");
    }

    /// <summary>One object in place of several: a property is required where all require it, and has the type of each.</summary>
    private static Dictionary<string, DeclaredProperty> Merge(Form[] forms) => forms
        .SelectMany(f => f.Type.Properties!)
        .GroupBy(p => p.Key, p => p.Value)
        .ToDictionary(
            g => g.Key,
            g => new DeclaredProperty(
                g.Count() < forms.Length || g.Any(p => p.Optional),
                new TypeExpression("union") { Of = [.. g.Select(p => p.Type)] }));

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static bool IsNullable(JsonPropertyInfo property) => property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : property.IsGetNullable;

    private bool IsWrittenWhenNull(Type type, JsonPropertyInfo property) =>
        JsonSerializer.SerializeToElement(Least(type), options.GetTypeInfo(type)).TryGetProperty(property.Name, out _);

    /// <summary>A value with nothing in it that may be missing.</summary>
    private object Least(Type type)
    {
        if (type == typeof(string))
            return "";
        if (type == typeof(JsonElement))
            return JsonSerializer.SerializeToElement(0);
        if (type.IsArray)
            return Array.CreateInstance(type.GetElementType()!, 0);
        if (options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } info)
        {
            if (info.PolymorphismOptions is { } polymorphism)
                return Least(polymorphism.DerivedTypes[0].DerivedType);
            object value = RuntimeHelpers.GetUninitializedObject(type);
            foreach (JsonPropertyInfo property in info.Properties.Where(p => !IsNullable(p)))
                (property.AttributeProvider as PropertyInfo)!.SetValue(value, Least(property.PropertyType));
            return value;
        }

        return Activator.CreateInstance(type)!;
    }

    private void Slip(string path, string what)
    {
        string slip = $"{path} {what}.";
        if (!_slips.Contains(slip))
            _slips.Add(slip);
    }
}
