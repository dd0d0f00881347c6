using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using CodeTuner.LanguageServer.Logging;

namespace CodeTuner.LanguageServer.Protocol.JsonRpc;

/// <summary>Takes the requests and notifications of the client, one after another in the order they came.</summary>
internal interface IMessageSink
{
    /// <summary>Starts a request; what takes long must go on in the background, or the messages behind it wait.</summary>
    ValueTask OnRequestAsync(IncomingMessage request);

    /// <summary>Handles a notification.</summary>
    void OnNotification(IncomingMessage notification);
}

/// <summary>
/// A JSON-RPC 2.0 session over a pair of pipes. A message that cannot be read is answered with its error and the session goes on.
/// </summary>
internal sealed class JsonRpcConnection(
    PipeReader input, PipeWriter output, ServerLog log, int maxContentLength = FrameReader.DefaultMaxContentLength)
{
    private readonly FrameReader _reader = new(input, maxContentLength);
    private readonly FrameWriter _writer = new(output);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<IncomingMessage>> _awaited = new();
    private long _lastId;
    private volatile bool _closed;

    /// <summary>Reads until the input ends or the client stops to read what is sent.</summary>
    public async Task RunAsync(IMessageSink sink, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task writing = _writer.RunAsync(CancellationToken.None);
        try
        {
            // A client that stops to read is gone. Reading from a console cannot be cancelled, so it is not awaited then.
            await await Task.WhenAny(ReadAllAsync(sink, ended.Token), writing);
            await ended.CancelAsync();
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Waits until what was queued is written, but no longer than <paramref name="timeout"/>.</summary>
    public async Task DrainAsync(TimeSpan timeout)
    {
        Close();
        await _writer.Written.WaitAsync(timeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Sends a notification; completes when it is queued.</summary>
    public ValueTask NotifyAsync<TParams>(
        NotificationMethod<TParams> method, TParams parameters, CancellationToken cancellationToken = default) =>
        _writer.WriteAsync(OutgoingMessage.Notification(method.Name, parameters, method.Params), cancellationToken);

    /// <summary>Sends a notification that nobody misses; false where the client does not keep up.</summary>
    public bool TryNotify<TParams>(NotificationMethod<TParams> method, TParams parameters) =>
        _writer.TryWrite(OutgoingMessage.Notification(method.Name, parameters, method.Params));

    /// <summary>Sends a request and awaits its answer. Cancelling tells the client too.</summary>
    /// <exception cref="ResponseErrorException">The client refused.</exception>
    /// <exception cref="ConnectionClosedException">The client has gone.</exception>
    public async Task<TResult> RequestAsync<TParams, TResult>(
        RequestMethod<TParams, TResult> method, TParams parameters, CancellationToken cancellationToken = default)
    {
        long id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<IncomingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited[id] = answer;
        try
        {
            if (_closed)
                throw new ConnectionClosedException();
            await _writer.WriteAsync(OutgoingMessage.Request(id, method.Name, parameters, method.Params), cancellationToken);
            IncomingMessage response = await answer.Task.WaitAsync(cancellationToken);
            return ReadAnswer(method, response);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !_closed)
        {
            TryNotify(Lsp.ClientMethods.CancelRequest, new Lsp.CancelParams(id));
            throw;
        }
        finally
        {
            _awaited.TryRemove(id, out _);
        }
    }

    /// <summary>Sends a message that is written out already; completes when it is queued.</summary>
    /// <exception cref="ConnectionClosedException">The client has gone.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> message) => _writer.WriteAsync(message);

    /// <summary>Answers a request with an error; <paramref name="id"/> is null where the request's could not be read.</summary>
    public ValueTask RespondErrorAsync(IntegerOrString? id, ResponseError error) => _writer.WriteAsync(OutgoingMessage.Error(id, error));

    private async Task ReadAllAsync(IMessageSink sink, CancellationToken cancellationToken)
    {
        while (await _reader.ReadAsync(cancellationToken) is { } frame)
        {
            try
            {
                await DispatchAsync(sink, frame);
            }
            catch (MalformedMessageException e)
            {
                log.Warning($"A message could not be read: {e.Message}");
                await RespondErrorAsync(e.Id, e.Error);
            }
        }
    }

    private async ValueTask DispatchAsync(IMessageSink sink, Frame frame)
    {
        if (frame.Problem is { } problem)
            throw new MalformedMessageException(ErrorCodes.ParseError, problem);
        IncomingMessage message = IncomingMessage.Parse(frame.Content);
        switch (message.Kind)
        {
            case MessageKind.Request:
                await sink.OnRequestAsync(message);
                break;
            case MessageKind.Notification:
                sink.OnNotification(message);
                break;
            default:
                OnResponse(message);
                break;
        }
    }

    private void OnResponse(IncomingMessage response)
    {
        // No id, or one that nobody awaits (any more), is nothing to answer: an error would be a response to a response.
        if (response.Id is { Text: null } id && _awaited.TryRemove(id.Number, out TaskCompletionSource<IncomingMessage>? answer))
            answer.SetResult(response);
        else
            log.Debug("A response came that nobody awaits.");
    }

    private static TResult ReadAnswer<TParams, TResult>(RequestMethod<TParams, TResult> method, IncomingMessage response)
    {
        try
        {
            if (response.IsError)
            {
                ResponseError? error = JsonSerializer.Deserialize(response.Payload.Span, Lsp.LspJsonContext.Default.ResponseError);
                throw new ResponseErrorException(error!);
            }

            return JsonSerializer.Deserialize(response.Payload.Span, method.Result)!;
        }
        catch (JsonException)
        {
            throw new ResponseErrorException(ErrorCodes.InvalidParams, $"The client's answer to {method.Name} does not fit the protocol.");
        }
    }

    private void Close()
    {
        _closed = true;
        _writer.Complete();
        foreach (long id in _awaited.Keys)
        {
            if (_awaited.TryRemove(id, out TaskCompletionSource<IncomingMessage>? answer))
                answer.TrySetException(new ConnectionClosedException());
        }
    }
}
