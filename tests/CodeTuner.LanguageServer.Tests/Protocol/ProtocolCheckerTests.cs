using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Tests.Protocol;

/// <summary>Records and methods that are wrong on purpose, so that a check that finds nothing means something.</summary>
public class ProtocolCheckerTests
{
    private static readonly ProtocolDescription Declared = ProtocolDescription.Parse(
        """
        {
          "types": {
            "Text": { "is": { "kind": "string" } },
            "Count": { "properties": { "count": { "optional": false, "type": { "kind": "integer" } } } },
            "Number": { "properties": { "count": { "optional": false, "type": { "kind": "uinteger" } } } },
            "Optional": { "properties": { "text": { "optional": true, "type": { "kind": "reference", "name": "Text" } } } },
            "OrNull": { "properties": {
              "version": { "optional": false, "type": { "kind": "union", "of": [{ "kind": "integer" }, { "kind": "null" }] } } } },
            "Several": { "properties": { "items": { "optional": false, "type": {
              "kind": "array", "element": { "kind": "reference", "name": "Count" } } } } },
            "Level": { "is": { "kind": "union", "of": [{ "kind": "literal", "value": 1 }, { "kind": "literal", "value": 2 }] },
              "constants": { "Low": 1, "High": 2 } },
            "Levelled": { "properties": { "level": { "optional": false, "type": { "kind": "reference", "name": "Level" } } } },
            "Style": { "is": { "kind": "literal", "value": "bold" }, "constants": { "Bold": "bold" } },
            "Styled": { "properties": { "style": { "optional": false, "type": { "kind": "reference", "name": "Style" } } } },
            "Either": { "properties": { "value": { "optional": false, "type": {
              "kind": "union", "of": [{ "kind": "string" }, { "kind": "reference", "name": "Count" }] } } } },
            "Anything": { "properties": { "value": { "optional": false, "type": { "kind": "any" } } } },
            "Whole": { "properties": { "text": { "optional": false, "type": { "kind": "string" } } } },
            "Part": { "properties": {
              "text": { "optional": false, "type": { "kind": "string" } },
              "at": { "optional": false, "type": { "kind": "integer" } } } },
            "Change": { "is": { "kind": "union", "of": [
              { "kind": "reference", "name": "Whole" }, { "kind": "reference", "name": "Part" }] } },
            "Begin": { "properties": { "kind": { "optional": false, "type": { "kind": "literal", "value": "begin" } } } },
            "Progress": { "properties": { "value": { "optional": false, "type": { "kind": "reference", "name": "Begin" } } } }
          },
          "messages": {
            "count": { "kind": "request", "direction": "clientToServer",
              "params": { "kind": "reference", "name": "Count" }, "result": { "kind": "reference", "name": "Count" } },
            "counts": { "kind": "request", "direction": "serverToClient", "params": { "kind": "void" },
              "result": { "kind": "union", "of": [{ "kind": "reference", "name": "Count" }, { "kind": "null" }] } },
            "counted": { "kind": "notification", "direction": "both",
              "params": { "kind": "reference", "name": "Count" }, "result": { "kind": "void" } }
          }
        }
        """);

    private static readonly JsonSerializerOptions Options =
        new(LspJsonContext.Default.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    [Theory]
    [InlineData(typeof(Right.Count))]
    [InlineData(typeof(Right.Number))]
    [InlineData(typeof(Right.Optional))]
    [InlineData(typeof(Right.OrNull))]
    [InlineData(typeof(Right.Several))]
    [InlineData(typeof(Right.Levelled))]
    [InlineData(typeof(Right.Anything))]
    [InlineData(typeof(Right.Progress))]
    public void FindsNothingInARightRecord(Type type)
    {
        Assert.Equal([], Slips(type, Way.Sent));
        Assert.Equal([], Slips(type, Way.Received));
    }

    [Fact]
    public void AMergedTypeIsOnlyRead()
    {
        Assert.Equal([], Slips(typeof(Right.Change), Way.Received));
        Assert.NotEmpty(Slips(typeof(Right.Change), Way.Sent));
    }

    [Theory]
    [InlineData(typeof(Misspelt.Count), "Count.counts is no property of it in LSP.", "Count.count is required by LSP and not written.")]
    [InlineData(typeof(NotRequired.Count), "Count.count is required by LSP, so it must be required here.")]
    [InlineData(typeof(NullableCount.Count), "Count.count is never null in LSP, so it must not be nullable.")]
    [InlineData(typeof(TextCount.Count), "Count.count is String, where LSP has integer.")]
    [InlineData(typeof(LongCount.Count), "Count.count is Int64, where LSP has integer.")]
    [InlineData(typeof(SignedNumber.Number), "Number.count is Int32, where LSP has uinteger.")]
    [InlineData(typeof(Demanded.Optional), "Optional.text is optional in LSP, so it must be nullable and not required.")]
    [InlineData(typeof(RequiredNull.Optional), "Optional.text is optional in LSP, so it must be nullable and not required.")]
    [InlineData(typeof(WrittenNull.Optional), "Optional.text is written when null, where LSP has it left out.")]
    [InlineData(typeof(LeftOutNull.OrNull), "OrNull.version is left out when null, where LSP has it written.")]
    [InlineData(typeof(NeverNull.OrNull), "OrNull.version may be null in LSP, so it must be nullable.")]
    [InlineData(typeof(OneItem.Several), "Several.items is Count, where LSP has array.")]
    [InlineData(typeof(WrongItems.Several), "Several.items[] is Number, where LSP has Count.")]
    [InlineData(typeof(WrongLevel.Levelled), "Level has High = 3, Low = 1, where LSP has High = 2, Low = 1.")]
    [InlineData(typeof(SpeltLevel.Levelled), "Level is written as \"Low\", where LSP has a number.")]
    [InlineData(typeof(AnyStyle.Styled), "Styled.style is String, where LSP has Style.")]
    [InlineData(typeof(WrongKind.Progress), "Begin.kind is \"start\", where LSP has begin.")]
    [InlineData(typeof(IdText.Optional), "Optional.text is Int32, where LSP has Text.")]
    [InlineData(
        typeof(WrongThing.Anything),
        "Count.counts is no property of it in LSP.",
        "Count.count is required by LSP and not written.")]
    [InlineData(typeof(NamelessThing.Anything), "Anything.value is Thing, which is no type of LSP.")]
    [InlineData(typeof(NoKind.Progress), "Begin.kind is required by LSP and not written.")]
    public void FindsWhatIsWrongInASentRecord(Type type, params string[] expected) => Assert.Equal(expected, Slips(type, Way.Sent));

    [Theory]
    [InlineData(typeof(TextOnly.Either), "Either.value may be Count, which String does not read.")]
    [InlineData(typeof(SomeThing.Anything), "Anything.value may be anything, not only String.")]
    public void FindsWhatIsNotRead(Type type, params string[] expected)
    {
        Assert.Equal(expected, Slips(type, Way.Received));
        Assert.Equal([], Slips(type, Way.Sent));
    }

    [Fact]
    public void FindsWrongMethods()
    {
        var checker = new ProtocolChecker(Declared, Options);
        checker.CheckMethods(typeof(WrongMethods), "clientToServer");
        Assert.Equal(
            [
                "nothing/like/it is no method of LSP.",
                "count is a request, not a notification.",
                "counts goes serverToClient, not clientToServer.",
                "counts params may be void, which Count does not read.",
                "counts params is Count, where LSP has void.",
                "count params may be Count, which Number does not read.",
                "count params is Number, where LSP has Count.",
                "count result is never null.",
            ],
            checker.Slips);
    }

    [Fact]
    public void FindsAResultThatMayBeNull()
    {
        var checker = new ProtocolChecker(Declared, Options);
        checker.CheckMethods(typeof(HastyMethods), "serverToClient");
        Assert.Equal(["counts result may be null."], checker.Slips);
    }

    [Fact]
    public void FindsNothingInRightMethods()
    {
        var checker = new ProtocolChecker(Declared, Options);
        checker.CheckMethods(typeof(RightMethods), "clientToServer");
        Assert.Equal([], checker.Slips);
        Assert.Contains(typeof(Right.Count), checker.Types);
    }

    [Theory]
    [InlineData(typeof(Right.Style))]
    [InlineData(typeof(WrongStyle.Style), "Style.Bold is \"fat\", which LSP does not have under this name.")]
    public void FindsWrongConstants(Type type, params string[] expected)
    {
        var checker = new ProtocolChecker(Declared, Options);
        checker.CheckConstants(type);
        Assert.Equal(expected, checker.Slips);
    }

    [Theory]
    [InlineData("Count", """{"count":1}""")]
    [InlineData("Count", """{"count":1,"more":1}""", "Count.more is no property of it in LSP.")]
    [InlineData("Count", "{}", "Count.count is required by LSP and missing.")]
    [InlineData("Count", """{"count":1.5}""", "Count.count is 1.5, not integer.")]
    [InlineData("Number", """{"count":-1}""", "Number.count is -1, not uinteger.")]
    [InlineData("Either", """{"value":{"count":1}}""")]
    [InlineData("Either", """{"value":{"counts":1}}""", "Either.value is {\"counts\":1}, not string.")]
    [InlineData("Several", """{"items":[{"count":1},{}]}""", "Several.items[1].count is required by LSP and missing.")]
    [InlineData("Levelled", """{"level":2}""")]
    [InlineData("Levelled", """{"level":3}""", "Levelled.level is 3, not Level.")]
    public void FindsWhatIsWrongInJson(string type, string json, params string[] expected)
    {
        var checker = new JsonChecker(Declared);
        checker.Check(type, JsonDocument.Parse(json).RootElement);
        Assert.Equal(expected, checker.Slips);
    }

    private static IReadOnlyList<string> Slips(Type type, Way way)
    {
        var checker = new ProtocolChecker(Declared, Options);
        checker.Check(type, way);
        return checker.Slips;
    }

    private static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private static class RightMethods
    {
        public static readonly RequestMethod<Right.Count, Right.Count> Count = new("count", Info<Right.Count>(), Info<Right.Count>());
        public static readonly NotificationMethod<Right.Count> Counted = new("counted", Info<Right.Count>());
    }

    private static class WrongMethods
    {
        public static readonly NotificationMethod<Right.Count> Unknown = new("nothing/like/it", Info<Right.Count>());
        public static readonly NotificationMethod<Right.Count> Told = new("count", Info<Right.Count>());
        public static readonly RequestMethod<Right.Count, Right.Count?> Back = new("counts", Info<Right.Count>(), Info<Right.Count?>());
        public static readonly RequestMethod<Right.Number, Right.Count?> Other = new("count", Info<Right.Number>(), Info<Right.Count?>());
    }

    private static class HastyMethods
    {
        public static readonly RequestMethod<Nothing, Right.Count> Counts = new("counts", Info<Nothing>(), Info<Right.Count>());
    }

    internal static class Right
    {
        internal sealed record Count([property: JsonPropertyName("count")] int Value);

        internal sealed record Number([property: JsonPropertyName("count")] uint Value);

        internal sealed record Optional
        {
            public string? Text { get; init; }
        }

        internal sealed record OrNull([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Version);

        internal sealed record Several(Count[] Items);

        internal enum Level
        {
            Low = 1,
            High = 2,
        }

        internal sealed record Levelled(Level Level);

        internal static class Style
        {
            public const string Bold = "bold";
        }

        internal sealed record Anything(JsonElement Value);

        internal sealed record Change(string Text)
        {
            public int? At { get; init; }
        }

        internal sealed record Progress(Value Value);

        [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
        [JsonDerivedType(typeof(Begin), "begin")]
        internal abstract record Value;

        internal sealed record Begin : Value;
    }

    internal static class Misspelt
    {
        internal sealed record Count([property: JsonPropertyName("counts")] int Value);
    }

    internal static class NotRequired
    {
        internal sealed record Count([property: JsonPropertyName("count")] int Value = 0);
    }

    internal static class NullableCount
    {
        internal sealed record Count([property: JsonPropertyName("count")] int? Value);
    }

    internal static class TextCount
    {
        internal sealed record Count([property: JsonPropertyName("count")] string Value);
    }

    internal static class LongCount
    {
        internal sealed record Count([property: JsonPropertyName("count")] long Value);
    }

    internal static class SignedNumber
    {
        internal sealed record Number([property: JsonPropertyName("count")] int Value);
    }

    internal static class Demanded
    {
        internal sealed record Optional(string Text);
    }

    internal static class RequiredNull
    {
        internal sealed record Optional(string? Text);
    }

    internal static class WrittenNull
    {
        internal sealed record Optional
        {
            [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
            public string? Text { get; init; }
        }
    }

    internal static class IdText
    {
        internal sealed record Optional
        {
            public IntegerOrString? Text { get; init; }
        }
    }

    internal static class LeftOutNull
    {
        internal sealed record OrNull(int? Version);
    }

    internal static class NeverNull
    {
        internal sealed record OrNull(int Version);
    }

    internal static class OneItem
    {
        internal sealed record Several(Right.Count Items);
    }

    internal static class WrongItems
    {
        internal sealed record Several(Right.Number[] Items);
    }

    internal static class WrongLevel
    {
        internal enum Level
        {
            Low = 1,
            High = 3,
        }

        internal sealed record Levelled(Level Level);
    }

    internal static class SpeltLevel
    {
        [JsonConverter(typeof(JsonStringEnumConverter<Level>))]
        internal enum Level
        {
            Low = 1,
            High = 2,
        }

        internal sealed record Levelled(Level Level);
    }

    internal static class AnyStyle
    {
        internal sealed record Styled(string Style);
    }

    internal static class WrongStyle
    {
        internal static class Style
        {
            public const string Bold = "fat";
        }
    }

    internal static class TextOnly
    {
        internal sealed record Either(string Value);
    }

    internal static class SomeThing
    {
        internal sealed record Anything(string Value);
    }

    internal static class WrongThing
    {
        internal sealed record Anything(Misspelt.Count Value);
    }

    internal static class NamelessThing
    {
        internal sealed record Anything(Thing Value);

        internal sealed record Thing(string Text);
    }

    internal static class WrongKind
    {
        internal sealed record Progress(Value Value);

        [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
        [JsonDerivedType(typeof(Begin), "start")]
        internal abstract record Value;

        internal sealed record Begin : Value;
    }

    internal static class NoKind
    {
        internal sealed record Progress(Value Value);

        [JsonDerivedType(typeof(Begin))]
        internal abstract record Value;

        internal sealed record Begin : Value;
    }
}
