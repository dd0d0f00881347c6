using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeTuner.LanguageServer.Protocol.JsonRpc;

/// <summary>
/// The protocol's <c>integer | string</c>: the id of a request, a progress token, a diagnostic's code.
/// <c>1</c> and <c>"1"</c> are different values.
/// </summary>
[JsonConverter(typeof(IntegerOrStringConverter))]
internal readonly record struct IntegerOrString
{
    /// <summary>The number, where <see cref="Text"/> is null.</summary>
    public long Number { get; }

    /// <summary>The string, or null where the value is a number.</summary>
    public string? Text { get; }

    public IntegerOrString(long number) => Number = number;

    public IntegerOrString(string text) => Text = text;

    public static implicit operator IntegerOrString(long number) => new(number);

    public override string ToString() => Text ?? Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads the value under <paramref name="reader"/>; false where it is neither an integer nor a string.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, out IntegerOrString value)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                value = new(JsonText.Read(ref reader));
                return true;
            case JsonTokenType.Number when reader.TryGetInt64(out long number):
                value = new(number);
                return true;
            default:
                value = default;
                return false;
        }
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        if (Text is null)
            writer.WriteNumberValue(Number);
        else
            writer.WriteStringValue(Text);
    }
}

/// <summary>Reads and writes an <see cref="IntegerOrString"/>.</summary>
internal sealed class IntegerOrStringConverter : JsonConverter<IntegerOrString>
{
    public override IntegerOrString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IntegerOrString.TryRead(ref reader, out IntegerOrString value)
            ? value
            : throw new JsonException("Expected an integer or a string.");

    public override void Write(Utf8JsonWriter writer, IntegerOrString value, JsonSerializerOptions options) => value.WriteTo(writer);
}
