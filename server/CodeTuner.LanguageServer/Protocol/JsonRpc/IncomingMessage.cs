using System.Text.Json;
using System.Text.Unicode;

namespace CodeTuner.LanguageServer.Protocol.JsonRpc;

/// <summary>What a message is.</summary>
internal enum MessageKind
{
    /// <summary>It has a method and an id, and must be answered.</summary>
    Request,

    /// <summary>It has a method and no id, and is never answered.</summary>
    Notification,

    /// <summary>It has no method: it answers a request of this side.</summary>
    Response,
}

/// <summary>A JSON-RPC message, its parameters and result not yet read.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The id of the request or of the request that is answered; null for a notification.</param>
/// <param name="Method">The method; empty for a response.</param>
/// <param name="Payload">The JSON of <c>params</c>, <c>result</c>, or <c>error</c>; empty where there is none.</param>
/// <param name="IsError">Whether <paramref name="Payload"/> is an <c>error</c>.</param>
internal readonly record struct IncomingMessage(
    MessageKind Kind, IntegerOrString? Id, string Method, ReadOnlyMemory<byte> Payload, bool IsError)
{
    /// <summary>Reads one message.</summary>
    /// <param name="content">The content part of a frame.</param>
    /// <exception cref="MalformedMessageException">It is not one; says what to answer.</exception>
    public static IncomingMessage Parse(byte[] content)
    {
        if (!Utf8.IsValid(content))
            throw new MalformedMessageException(ErrorCodes.ParseError, "The message is not valid UTF-8.");
        try
        {
            var reader = new Utf8JsonReader(content);
            reader.Read();
            JsonTokenType first = reader.TokenType;
            MessageMembers members = default;
            while (reader.Read())
            {
                if (first == JsonTokenType.StartObject && reader.TokenType == JsonTokenType.PropertyName)
                    members.Read(ref reader, content);
            }

            return first switch
            {
                JsonTokenType.StartObject => members.ToMessage(),
                JsonTokenType.StartArray => throw new MalformedMessageException(ErrorCodes.InvalidRequest, "Batches are not part of LSP."),
                _ => throw new MalformedMessageException(ErrorCodes.InvalidRequest, "The message is not a JSON object."),
            };
        }
        catch (JsonException e)
        {
            throw new MalformedMessageException(
                ErrorCodes.ParseError, $"The message is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).");
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for a member's name with half of a surrogate pair.
            throw new MalformedMessageException(ErrorCodes.ParseError, "The message has a member's name that is not Unicode.");
        }
    }
}

/// <summary>Thrown where a message cannot be read; the session goes on.</summary>
internal sealed class MalformedMessageException(int code, string message, IntegerOrString? id = null) : Exception(message)
{
    /// <summary>What to answer.</summary>
    public ResponseError Error { get; } = new(code, message);

    /// <summary>The id to answer to; null where none could be read.</summary>
    public IntegerOrString? Id { get; } = id;
}
