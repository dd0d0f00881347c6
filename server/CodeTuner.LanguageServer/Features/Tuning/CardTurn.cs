namespace CodeTuner.LanguageServer.Features.Tuning;

/// <summary>A tune's time on a graphics card: looks between steps whether others need it, and gives back what they need.</summary>
/// <param name="guard">Says whether they do.</param>
/// <param name="name">The card's name.</param>
/// <param name="heldBytes">What the tune holds on the card now.</param>
/// <param name="releaseUnused">Gives back what no step needs.</param>
/// <param name="hold">Holds the tune still, or lets it go on.</param>
/// <param name="end">Ends the tune at its step, with everything saved.</param>
/// <param name="interval">How often to look again while it waits.</param>
internal sealed class CardTurn(
    CardGuard guard, string name, Func<long> heldBytes, Action releaseUnused, Action<bool> hold, Action end, TimeSpan? interval = null) : IDisposable
{
    private readonly TimeSpan _interval = interval ?? TimeSpan.FromSeconds(10);
    private Timer? _power;
    private long _heldAtEnd;
    private volatile bool _userDecided;

    /// <summary>The card's name.</summary>
    public string Name => name;

    /// <summary>Whether it ended for another program's sake.</summary>
    public bool HasYielded { get; private set; }

    /// <summary>The user paused or resumed by hand: from now on that counts, and the battery does not.</summary>
    public void UserDecided() => _userDecided = true;

    /// <summary>Between two steps: holds the tune still, or ends it, where others need the card.</summary>
    public void Look()
    {
        if (guard.ShouldYield)
        {
            releaseUnused();
            if (guard.ShouldYield)
            {
                _heldAtEnd = heldBytes();
                HasYielded = true;
                end();
                return;
            }
        }

        if (_userDecided || !guard.ShouldPause)
            return;
        releaseUnused();
        hold(true);
        _power ??= new Timer(_ => LetGoOn());
        _power.Change(_interval, _interval);
    }

    /// <summary>Calls <paramref name="goOn"/> once the card has room for the tune again.</summary>
    public void WhenThereIsRoom(Action goOn)
    {
        Timer? timer = null;
        timer = new Timer(_ =>
        {
            if (!guard.HasRoomFor(_heldAtEnd))
                return;
            timer!.Dispose();
            goOn();
        });
        timer.Change(_interval, _interval);
    }

    /// <inheritdoc/>
    public void Dispose() => _power?.Dispose();

    private void LetGoOn()
    {
        if (guard.ShouldPause && !_userDecided)
            return;
        _power?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        hold(false);
    }
}
