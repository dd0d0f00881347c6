using System.Text.Json;

namespace CodeTuner.LanguageServer.Protocol.JsonRpc;

/// <summary>The <c>error</c> member of a response.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>, or another where the client chose it.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Data">More about it, for a program, or null.</param>
internal sealed record ResponseError(int Code, string Message, JsonElement? Data = null);

/// <summary>Thrown by a handler to answer with an error, and to one who awaits a request that the other side refused.</summary>
internal sealed class ResponseErrorException(ResponseError error) : Exception(error.Message)
{
    public ResponseErrorException(int code, string message)
        : this(new ResponseError(code, message))
    {
    }

    /// <summary>What is or was sent.</summary>
    public ResponseError Error { get; } = error;
}

/// <summary>Thrown where something is to be sent or awaited and the other side has gone.</summary>
internal sealed class ConnectionClosedException() : IOException("The connection to the client is closed.");
