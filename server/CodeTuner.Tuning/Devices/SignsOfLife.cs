using System.Diagnostics;
using System.Globalization;

namespace CodeTuner.Tuning.Devices;

/// <summary>
/// Notices that a graphics driver hangs: work that was sent to it never comes back, and nothing in this process can end it.
/// Most systems reset such a driver within seconds, which is an error like any other; this is for the rest.
/// </summary>
public sealed class SignsOfLife : IDisposable
{
    /// <summary>The environment variable that says how many seconds a card may be silent before it is given up.</summary>
    public const string Variable = "CODETUNER_CARD_PATIENCE";

    private const int TimesTheLongest = 10;

    private readonly TimeSpan _patience;
    private readonly Func<bool> _isHeld;
    private readonly TaskCompletionSource _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Timer _timer;
    private readonly Lock _gate = new();
    private long _last = Stopwatch.GetTimestamp();
    private long _listened = Stopwatch.GetTimestamp();
    private TimeSpan _longest;

    /// <summary>Listens from now on.</summary>
    /// <param name="isHeld">Whether the work holds still because somebody wants it to.</param>
    /// <param name="patience">How long a silence may be; longer where longer ones have ended well. Null is what the environment says, or five minutes.</param>
    public SignsOfLife(Func<bool> isHeld, TimeSpan? patience = null)
    {
        (_isHeld, _patience) = (isHeld, patience ?? FromEnvironment(TimeSpan.FromMinutes(5)));
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

    /// <summary>How long a card may be silent.</summary>
    /// <param name="otherwise">Where the environment does not say.</param>
    internal static TimeSpan FromEnvironment(TimeSpan otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out double seconds) && seconds is >= 1 and <= 86400
            ? TimeSpan.FromSeconds(seconds)
            : otherwise;

    private void Listen()
    {
        lock (_gate)
        {
            // The whole process was stopped, or the machine slept: that was no silence of the card.
            bool slept = Stopwatch.GetElapsedTime(_listened) > _patience / 2;
            _listened = Stopwatch.GetTimestamp();
            if (slept || _isHeld())
                _last = Stopwatch.GetTimestamp();
            else if (Stopwatch.GetElapsedTime(_last) > (_longest * TimesTheLongest > _patience ? _longest * TimesTheLongest : _patience))
                _silent.TrySetResult();
        }
    }
}
