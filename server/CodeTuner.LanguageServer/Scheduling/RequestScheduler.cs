using System.Diagnostics;
using CodeTuner.LanguageServer.Documents;
using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.LanguageServer.Logging;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Serving;
using CodeTuner.Models;
using CodeTuner.Tuning;
using CodeTuner.Workspace;

namespace CodeTuner.LanguageServer.Scheduling;

/// <summary>
/// Gives each message to its handler. Notifications run one after another as they come, so documents stay in the client's order;
/// requests run beside each other on the thread pool, each with the document as it was when the request came.
/// </summary>
internal sealed class RequestScheduler(
    HandlerTable handlers, ServerLifecycle lifecycle, OpenDocuments documents, JsonRpcConnection connection, ServerLog log) : IMessageSink
{
    private readonly RunningRequests _running = new();

    /// <inheritdoc/>
    public async ValueTask OnRequestAsync(IncomingMessage message)
    {
        IntegerOrString id = message.Id!.Value;
        if (Refuse(message, out RequestHandler? handler) is { } refusal)
        {
            await connection.RespondErrorAsync(id, refusal);
            return;
        }

        PreparedRequest request;
        try
        {
            request = handler!.Prepare(message.Payload);
        }
        catch (ResponseErrorException e)
        {
            await connection.RespondErrorAsync(id, e.Error);
            return;
        }

        if (!_running.TryStart(id, message.Method, request.Uri, handler.Policy.NewestOnly, out RunningRequest? running))
        {
            await connection.RespondErrorAsync(id, new(ErrorCodes.InvalidRequest, "The id belongs to a request that is not answered yet."));
            return;
        }

        Document? document = request.Uri is { } uri ? documents.Find(uri) : null;
        var context = new RequestContext(document, running.Cancelled);
        if (handler.InOrder)
            await AnswerAsync(handler, request, running, context);
        else
            _ = Task.Run(() => AnswerAsync(handler, request, running, context));
    }

    /// <inheritdoc/>
    public void OnNotification(IncomingMessage message)
    {
        if (!lifecycle.Hears(message.Method))
            return;
        if (handlers.Notification(message.Method) is not { } handle)
        {
            log.Debug($"Nobody hears {message.Method}.");
            return;
        }

        try
        {
            handle(message.Payload);
        }
        catch (ResponseErrorException e)
        {
            // A notification is never answered, not even when it is wrong.
            log.Warning($"{message.Method} was left out: its parameters do not fit.");
            log.Debug(e.Message);
        }
        catch (Exception e)
        {
            log.Error($"{message.Method} failed:", e);
        }
    }

    /// <summary><c>$/cancelRequest</c>.</summary>
    public void Cancel(CancelParams parameters) => _running.CancelByClient(parameters.Id);

    private ResponseError? Refuse(IncomingMessage message, out RequestHandler? handler)
    {
        handler = null;
        if (lifecycle.Refuse(message.Method) is { } refusal)
            return refusal;
        handler = handlers.Request(message.Method);
        return handler is null ? new(ErrorCodes.MethodNotFound, $"The server has no method {message.Method}.") : null;
    }

    private async Task AnswerAsync(RequestHandler handler, PreparedRequest request, RunningRequest running, RequestContext context)
    {
        long started = Stopwatch.GetTimestamp();
        ReadOnlyMemory<byte> answer;
        string outcome = "answered";
        try
        {
            answer = await request.RunAsync(running.Id, context);
            // Looked at as late as can be: what changes after this, the client itself must notice. The text is compared
            // and not the number: a document closed and opened again starts anew at 1, and a change may change nothing.
            if (handler.Policy.RefuseStale && context.Document is { } document && documents.Find(document.Uri)?.Text != document.Text)
                throw new ResponseErrorException(ErrorCodes.ContentModified, "The document changed while the answer was worked out.");
        }
        catch (Exception e)
        {
            ResponseError error = ToError(e, handler.Method, running);
            answer = OutgoingMessage.Error(running.Id, error);
            outcome = $"refused with {error.Code}";
        }

        _running.Finish(running);
        try
        {
            await connection.SendAsync(answer);
        }
        catch (ConnectionClosedException)
        {
            outcome += ", too late";
        }

        log.Info($"{handler.Method} {outcome} after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms");
    }

    private ResponseError ToError(Exception exception, string method, RunningRequest running)
    {
        switch (exception)
        {
            case ResponseErrorException e:
                return e.Error;
            case OperationCanceledException when running.Reason is { } reason:
                return new(ErrorCodes.RequestCancelled, reason == CancelReason.Client
                    ? "The client cancelled the request."
                    : $"A newer {method} for the same document took its place.");
            case TuningException or ModelFormatException or WorkspaceException or ServingException:
                return new(ErrorCodes.RequestFailed, exception.Message);
            default:
                log.Error($"{method} failed:", exception);
                return new(ErrorCodes.InternalError, $"{method} failed ({exception.GetType().Name}).");
        }
    }
}
