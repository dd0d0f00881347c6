using System.Diagnostics.CodeAnalysis;
using CodeTuner.LanguageServer.Protocol.JsonRpc;

namespace CodeTuner.LanguageServer.Scheduling;

/// <summary>The requests that have not been answered, by id and by place.</summary>
internal sealed class RunningRequests
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IntegerOrString, RunningRequest> _byId = [];
    private readonly Dictionary<(string Method, string Uri), RunningRequest> _newest = [];

    /// <summary>Adds a request; where its policy says so, cancels the one of the same kind and place.</summary>
    /// <returns>False where the id is in use, as two answers could then not be told apart.</returns>
    public bool TryStart(IntegerOrString id, string method, string? uri, bool newestOnly, [NotNullWhen(true)] out RunningRequest? request)
    {
        RunningRequest? older = null;
        lock (_lock)
        {
            request = new RunningRequest(id, newestOnly && uri is not null ? (method, uri) : null);
            if (!_byId.TryAdd(id, request))
            {
                request = null;
                return false;
            }

            if (request.Place is { } place)
            {
                _newest.TryGetValue(place, out older);
                _newest[place] = request;
            }
        }

        older?.Cancel(CancelReason.NewerRequest);
        return true;
    }

    /// <summary>Cancels a request; nothing happens where it is answered already.</summary>
    public void CancelByClient(IntegerOrString id)
    {
        RunningRequest? request;
        lock (_lock)
            _byId.TryGetValue(id, out request);
        request?.Cancel(CancelReason.Client);
    }

    /// <summary>Takes a request out, before its answer is sent so that the client may use the id again.</summary>
    public void Finish(RunningRequest request)
    {
        lock (_lock)
        {
            _byId.Remove(request.Id);
            if (request.Place is { } place && _newest.GetValueOrDefault(place) == request)
                _newest.Remove(place);
        }
    }
}

/// <summary>Who cancelled a request.</summary>
internal enum CancelReason
{
    /// <summary>The client, by <c>$/cancelRequest</c>.</summary>
    Client,

    /// <summary>A newer request of its kind and place.</summary>
    NewerRequest,
}

/// <summary>A request that has not been answered.</summary>
/// <param name="id">The client's id.</param>
/// <param name="place">Where it makes way for a newer one, or null.</param>
internal sealed class RunningRequest(IntegerOrString id, (string Method, string Uri)? place)
{
    // Not disposed: it has no timer, and a cancel may come at any time.
    private readonly CancellationTokenSource _cancellation = new();

    public IntegerOrString Id { get; } = id;

    public (string Method, string Uri)? Place { get; } = place;

    public CancellationToken Cancelled => _cancellation.Token;

    /// <summary>Who cancelled it first; null where nobody did.</summary>
    public CancelReason? Reason { get; private set; }

    public void Cancel(CancelReason reason)
    {
        Reason ??= reason;
        // Off this thread: what hangs on the token must not hold up the reading of messages.
        _ = _cancellation.CancelAsync();
    }
}
