using System.Diagnostics;

namespace CodeTuner.LanguageServer.Features.Tuning;

/// <summary>
/// Notices that a graphics driver hangs: work that was sent to it never comes back, and nothing in this process can end it.
/// Most systems reset such a driver within seconds, which is an error like any other; this is for the rest.
/// </summary>
internal sealed class SignsOfLife : IDisposable
{
    private const int TimesTheLongest = 10;

    private readonly TimeSpan _patience;
    private readonly Func<bool> _isHeld;
    private readonly TaskCompletionSource _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Timer _timer;
    private readonly Lock _gate = new();
    private long _last = Stopwatch.GetTimestamp();
    private TimeSpan _longest;

    /// <param name="isHeld">Whether the work holds still because somebody wants it to.</param>
    /// <param name="patience">How long a silence may be; longer where longer ones have ended well.</param>
    public SignsOfLife(Func<bool> isHeld, TimeSpan? patience = null)
    {
        (_isHeld, _patience) = (isHeld, patience ?? TimeSpan.FromMinutes(5));
        _timer = new Timer(_ => Listen(), null, _patience / 10, _patience / 10);
    }

    /// <summary>Completes when nothing was heard for too long.</summary>
    public Task Silent => _silent.Task;

    /// <summary>The work goes on.</summary>
    public void Heard()
    {
        lock (_gate)
        {
            TimeSpan gap = Stopwatch.GetElapsedTime(_last);
            _longest = gap > _longest ? gap : _longest;
            _last = Stopwatch.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Listen()
    {
        lock (_gate)
        {
            if (_isHeld())
                _last = Stopwatch.GetTimestamp();
            else if (Stopwatch.GetElapsedTime(_last) > (_longest * TimesTheLongest > _patience ? _longest * TimesTheLongest : _patience))
                _silent.TrySetResult();
        }
    }
}
