namespace CodeTuner.LanguageServer.Protocol.JsonRpc;

/// <summary>The error codes of JSON-RPC 2.0 and of LSP that this server sends.</summary>
internal static class ErrorCodes
{
    /// <summary>The content is not JSON, or its frame cannot be read.</summary>
    public const int ParseError = -32700;

    /// <summary>The JSON is not a request, or the request may not come now.</summary>
    public const int InvalidRequest = -32600;

    /// <summary>The server does not know the method.</summary>
    public const int MethodNotFound = -32601;

    /// <summary>The parameters do not fit the method.</summary>
    public const int InvalidParams = -32602;

    /// <summary>The server failed.</summary>
    public const int InternalError = -32603;

    /// <summary>A request came before <c>initialize</c>.</summary>
    public const int ServerNotInitialized = -32002;

    /// <summary>The request was right and could not be done; the message is for the user.</summary>
    public const int RequestFailed = -32803;

    /// <summary>The document changed while the answer was worked out.</summary>
    public const int ContentModified = -32801;

    /// <summary>The client, or a newer request in its place, cancelled this one.</summary>
    public const int RequestCancelled = -32800;
}
