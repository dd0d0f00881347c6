using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CodeTuner.LanguageServer.Protocol.JsonRpc;

/// <summary>Writes JSON-RPC messages as UTF-8.</summary>
internal static class OutgoingMessage
{
    // The output is no web page: only what JSON itself asks for is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Notification<T>(string method, T parameters, JsonTypeInfo<T> type) =>
        Write(writer =>
        {
            writer.WriteString("method"u8, method);
            WriteParams(writer, parameters, type);
        });

    public static ReadOnlyMemory<byte> Request<T>(long id, string method, T parameters, JsonTypeInfo<T> type) =>
        Write(writer =>
        {
            writer.WriteNumber("id"u8, id);
            writer.WriteString("method"u8, method);
            WriteParams(writer, parameters, type);
        });

    public static ReadOnlyMemory<byte> Result<T>(IntegerOrString id, T result, JsonTypeInfo<T> type) =>
        Write(writer =>
        {
            WriteId(writer, id);
            writer.WritePropertyName("result"u8);
            WriteValue(writer, result, type);
        });

    public static ReadOnlyMemory<byte> Error(IntegerOrString? id, ResponseError error) =>
        Write(writer =>
        {
            WriteId(writer, id);
            writer.WriteStartObject("error"u8);
            writer.WriteNumber("code"u8, error.Code);
            writer.WriteString("message"u8, error.Message);
            if (error.Data is { } data)
            {
                writer.WritePropertyName("data"u8);
                data.WriteTo(writer);
            }

            writer.WriteEndObject();
        });

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteId(Utf8JsonWriter writer, IntegerOrString? id)
    {
        writer.WritePropertyName("id"u8);
        if (id is { } value)
            value.WriteTo(writer);
        else
            writer.WriteNullValue();
    }

    // JSON-RPC leaves params out where a method has none; null is not allowed there.
    private static void WriteParams<T>(Utf8JsonWriter writer, T parameters, JsonTypeInfo<T> type)
    {
        if (parameters is null)
            return;
        writer.WritePropertyName("params"u8);
        JsonSerializer.Serialize(writer, parameters, type);
    }

    private static void WriteValue<T>(Utf8JsonWriter writer, T value, JsonTypeInfo<T> type)
    {
        if (value is null)
            writer.WriteNullValue();
        else
            JsonSerializer.Serialize(writer, value, type);
    }
}
