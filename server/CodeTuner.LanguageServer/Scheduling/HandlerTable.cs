using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Scheduling;

/// <summary>Method → handler. A method has one handler; adding a second is a mistake in the server's set-up.</summary>
internal sealed class HandlerTable
{
    private readonly Dictionary<string, RequestHandler> _requests = [];
    private readonly Dictionary<string, Action<ReadOnlyMemory<byte>>> _notifications = [];

    /// <summary>Adds a handler that runs in the background, beside others.</summary>
    public void Add<TParams, TResult>(
        RequestMethod<TParams, TResult> method, Func<TParams, RequestContext, Task<TResult>> handle, RequestPolicy? policy = null) =>
        _requests.Add(method.Name, new RequestHandler<TParams, TResult>(method, policy ?? RequestPolicy.Default, handle));

    /// <summary>Adds a handler that runs in order with the notifications around it, and so must return soon.</summary>
    public void AddInOrder<TParams, TResult>(RequestMethod<TParams, TResult> method, Func<TParams, TResult> handle)
    {
        Func<TParams, RequestContext, Task<TResult>> run = (parameters, _) => Task.FromResult(handle(parameters));
        _requests.Add(method.Name, new RequestHandler<TParams, TResult>(method, RequestPolicy.Default, run) { InOrder = true });
    }

    /// <summary>Adds a notification's handler. It runs in order and so must return soon.</summary>
    public void Add<TParams>(NotificationMethod<TParams> method, Action<TParams> handle) =>
        _notifications.Add(method.Name, json => handle(ParamsReader.Read(json, method.Params)));

    /// <summary>The handler of a request, or null.</summary>
    public RequestHandler? Request(string method) => _requests.GetValueOrDefault(method);

    /// <summary>The handler of a notification, which takes the JSON of its parameters; or null.</summary>
    public Action<ReadOnlyMemory<byte>>? Notification(string method) => _notifications.GetValueOrDefault(method);
}

/// <summary>A request whose parameters are read.</summary>
/// <param name="Uri">The document that they name, or null.</param>
/// <param name="RunAsync">Does the work and gives the message to answer with.</param>
internal readonly record struct PreparedRequest(string? Uri, Func<IntegerOrString, RequestContext, Task<ReadOnlyMemory<byte>>> RunAsync);

/// <summary>A request's handler, its types hidden.</summary>
internal abstract class RequestHandler(string method, RequestPolicy policy)
{
    public string Method { get; } = method;

    public RequestPolicy Policy { get; } = policy;

    /// <summary>Whether it runs before the next message is read.</summary>
    public bool InOrder { get; init; }

    /// <summary>Reads the parameters.</summary>
    /// <exception cref="ResponseErrorException">They do not fit.</exception>
    public abstract PreparedRequest Prepare(ReadOnlyMemory<byte> json);
}

/// <inheritdoc/>
internal sealed class RequestHandler<TParams, TResult>(
    RequestMethod<TParams, TResult> method, RequestPolicy policy, Func<TParams, RequestContext, Task<TResult>> handle)
    : RequestHandler(method.Name, policy)
{
    public override PreparedRequest Prepare(ReadOnlyMemory<byte> json)
    {
        TParams parameters = ParamsReader.Read(json, method.Params);
        string? uri = (parameters as ITextDocumentParams)?.TextDocument.Uri;
        return new(uri, async (id, context) => OutgoingMessage.Result(id, await handle(parameters, context), method.Result));
    }
}

/// <summary>Reads the parameters of a message.</summary>
internal static class ParamsReader
{
    /// <exception cref="ResponseErrorException">InvalidParams: they do not fit <paramref name="type"/>.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json.IsEmpty ? "{}"u8 : json.Span, type)
                ?? throw new ResponseErrorException(ErrorCodes.InvalidParams, "The params are null.");
        }
        catch (JsonException e)
        {
            string place = string.IsNullOrEmpty(e.Path) ? "$" : e.Path;
            throw new ResponseErrorException(ErrorCodes.InvalidParams, $"The params do not fit the method, at {place}.");
        }
    }
}
