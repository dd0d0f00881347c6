using System.Text.Json;

namespace CodeTuner.LanguageServer.Protocol.JsonRpc;

/// <summary>The members of a JSON-RPC object, gathered in whatever order they come. Source: JSON-RPC 2.0, sections 4 and 5.</summary>
internal struct MessageMembers
{
    private bool _version;
    private bool _hasId;
    private bool _badId;
    private IntegerOrString? _id;
    private string? _method;
    private string? _problem;
    private ReadOnlyMemory<byte> _params;
    private ReadOnlyMemory<byte> _result;
    private ReadOnlyMemory<byte> _error;

    /// <summary>Reads the member whose name <paramref name="reader"/> stands on, to its value's last token.</summary>
    public void Read(ref Utf8JsonReader reader, byte[] content)
    {
        if (reader.ValueTextEquals("jsonrpc"u8))
        {
            reader.Read();
            _version = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("2.0"u8);
            reader.Skip();
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            ReadId(ref reader);
        }
        else if (reader.ValueTextEquals("method"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
                _method = JsonText.Read(ref reader);
            else
                _problem ??= "The method is not a string.";
            reader.Skip();
        }
        else if (reader.ValueTextEquals("params"u8))
        {
            reader.Read();
            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.Null))
                _problem ??= "The params are neither an object nor an array.";
            // Some clients write null for no parameters at all.
            bool none = reader.TokenType == JsonTokenType.Null;
            ReadOnlyMemory<byte> value = Value(ref reader, content);
            _params = none ? default : value;
        }
        else if (reader.ValueTextEquals("result"u8))
        {
            reader.Read();
            _result = Value(ref reader, content);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            bool none = reader.TokenType == JsonTokenType.Null;
            ReadOnlyMemory<byte> value = Value(ref reader, content);
            _error = none ? default : value;
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    /// <summary>The message that the members make.</summary>
    /// <exception cref="MalformedMessageException">They make none.</exception>
    public readonly IncomingMessage ToMessage()
    {
        if (_badId)
            throw Invalid("The id is neither an integer nor a string.");
        if (!_version)
            throw Invalid("The member jsonrpc is not \"2.0\".");
        if (_problem is not null)
            throw Invalid(_problem);
        if (_method is not null)
        {
            if (_hasId && _id is null)
                throw Invalid("The id of a request is null.");
            return new(_hasId ? MessageKind.Request : MessageKind.Notification, _id, _method, _params, IsError: false);
        }

        if (_error.IsEmpty && _result.IsEmpty)
            throw Invalid("The message has no method, no result and no error.");
        return new(MessageKind.Response, _id, "", _error.IsEmpty ? _result : _error, IsError: !_error.IsEmpty);
    }

    private readonly MalformedMessageException Invalid(string message) => new(ErrorCodes.InvalidRequest, message, _id);

    private void ReadId(ref Utf8JsonReader reader)
    {
        reader.Read();
        _hasId = true;
        _id = IntegerOrString.TryRead(ref reader, out IntegerOrString id) ? id : null;
        _badId = _id is null && reader.TokenType != JsonTokenType.Null;
        reader.Skip();
    }

    private static ReadOnlyMemory<byte> Value(ref Utf8JsonReader reader, byte[] content)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return content.AsMemory(start, (int)reader.BytesConsumed - start);
    }
}
