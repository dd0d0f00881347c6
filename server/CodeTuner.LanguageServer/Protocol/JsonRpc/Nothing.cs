using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeTuner.LanguageServer.Protocol.JsonRpc;

/// <summary>Stands where a method has no parameters or no result; whatever comes in its place is let pass.</summary>
[JsonConverter(typeof(NothingConverter))]
internal sealed record Nothing;

/// <summary>Reads past any value and writes null.</summary>
internal sealed class NothingConverter : JsonConverter<Nothing>
{
    public override Nothing Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        return new Nothing();
    }

    public override void Write(Utf8JsonWriter writer, Nothing value, JsonSerializerOptions options) => writer.WriteNullValue();
}
