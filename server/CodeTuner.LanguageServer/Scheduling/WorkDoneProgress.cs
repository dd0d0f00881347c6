using System.Collections.Concurrent;
using System.Diagnostics;
using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Scheduling;

/// <summary>Opens progress bars in the editor. Source: LSP 3.18, "Work Done Progress".</summary>
internal sealed class WorkDoneProgress(LanguageClient client)
{
    private readonly ConcurrentDictionary<IntegerOrString, ProgressBar> _open = new();
    private int _last;

    /// <summary>Opens a bar of the server's own, for work that no request asked for.</summary>
    /// <returns>The bar; one that shows nothing where the client has none or refuses it.</returns>
    public async Task<ProgressBar> BeginAsync(string title, bool cancellable, CancellationToken cancellationToken)
    {
        if (client.Capabilities.Window?.WorkDoneProgress != true)
            return ProgressBar.Hidden(client.Connection);
        var bar = new ProgressBar(client.Connection, new($"codetuner-{Interlocked.Increment(ref _last)}"));
        _open[bar.Token] = bar;
        bar.Ended += () => _open.TryRemove(bar.Token, out _);
        try
        {
            var create = new WorkDoneProgressCreateParams(bar.Token);
            await client.Connection.RequestAsync(ClientMethods.WorkDoneProgressCreate, create, cancellationToken);
        }
        catch (Exception e)
        {
            _open.TryRemove(bar.Token, out _);
            if (e is ResponseErrorException)
                return ProgressBar.Hidden(client.Connection);
            throw;
        }

        await bar.BeginAsync(title, cancellable);
        return bar;
    }

    /// <summary>Shows progress in the place that the client made for a request; nothing where it made none.</summary>
    /// <param name="workDoneToken">The request's <c>workDoneToken</c>.</param>
    /// <param name="title">What is done.</param>
    public async Task<ProgressBar> BeginAsync(IntegerOrString? workDoneToken, string title)
    {
        if (workDoneToken is not { } token)
            return ProgressBar.Hidden(client.Connection);
        var bar = new ProgressBar(client.Connection, token);
        // The client cancels the request itself, not its progress.
        await bar.BeginAsync(title, cancellable: false);
        return bar;
    }

    /// <summary><c>window/workDoneProgress/cancel</c>: the user pressed the button.</summary>
    public void Cancel(WorkDoneProgressCancelParams parameters)
    {
        if (_open.TryGetValue(parameters.Token, out ProgressBar? bar))
            bar.Cancel();
    }
}

/// <summary>A progress bar in the editor; disposing of it ends it.</summary>
internal sealed class ProgressBar(JsonRpcConnection connection, IntegerOrString token) : IAsyncDisposable
{
    // What a person can follow; more would only fill the pipe.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _cancelled = new();
    private bool _hidden;
    private bool _ended;
    private long _reported;

    /// <summary>The name that both sides use.</summary>
    public IntegerOrString Token { get; } = token;

    /// <summary>Set when the user presses cancel.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    internal event Action? Ended;

    internal static ProgressBar Hidden(JsonRpcConnection connection) => new(connection, 0) { _hidden = true };

    /// <summary>Shows how far the work is. Left out where the last report is too fresh or the client does not keep up.</summary>
    /// <param name="message">One line, or null.</param>
    /// <param name="percentage">0 to 100, or null.</param>
    public void Report(string? message, uint? percentage = null)
    {
        if (_hidden || _ended || (_reported != 0 && Stopwatch.GetElapsedTime(_reported) < Interval))
            return;
        _reported = Stopwatch.GetTimestamp();
        var report = new WorkDoneProgressReport { Message = message, Percentage = percentage is { } p ? Math.Min(p, 100) : null };
        connection.TryNotify(ClientMethods.Progress, new ProgressParams(Token, report));
    }

    /// <summary>Takes the bar away; <paramref name="message"/> says how the work went.</summary>
    public async ValueTask EndAsync(string? message = null)
    {
        if (_ended)
            return;
        _ended = true;
        Ended?.Invoke();
        if (!_hidden)
            await connection.NotifyAsync(ClientMethods.Progress, new ProgressParams(Token, new WorkDoneProgressEnd { Message = message }));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => EndAsync();

    internal ValueTask BeginAsync(string title, bool cancellable)
    {
        var begin = new WorkDoneProgressBegin(title) { Cancellable = cancellable, Percentage = 0 };
        return connection.NotifyAsync(ClientMethods.Progress, new ProgressParams(Token, begin));
    }

    internal void Cancel() => _ = _cancelled.CancelAsync();
}
