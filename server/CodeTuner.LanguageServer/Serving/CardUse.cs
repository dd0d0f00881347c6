using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.Models.Architectures;
using CodeTuner.Tensors.Ggml;
using CodeTuner.Tuning.Devices;

namespace CodeTuner.LanguageServer.Serving;

/// <summary>Says what computes, and gives a graphics card up for this session once it has failed.</summary>
/// <param name="settings">The user's settings.</param>
/// <param name="choose">Finds the device of a name; null asks ggml.</param>
/// <param name="probe">Says why the cards must be left alone; asked once, before the first is opened. Null takes <see cref="CardProbe"/>.</param>
internal sealed class CardUse(Func<ServerSettings> settings, Func<string, ComputeDevice>? choose = null, Func<string?>? probe = null) : IDisposable
{
    // A small model answers sooner from the processor: sending each token's work to a card takes longer than the work.
    private const long WorthServing = 200_000_000;

    private readonly Lock _gate = new();
    private CardMark? _mark;
    private (GgmlLibraryOptions? Search, string? Problem) _probed;
    private bool _isSilent;
    private string? _failure;

    /// <summary>Where state is kept; null keeps no marks of what this process computes.</summary>
    public Func<string>? StateFolder { get; init; }

    /// <summary>A card failed: the message for the user. Told once.</summary>
    public event Action<string>? GivenUp;

    /// <summary>Why no card is used any more; null where nothing speaks against one.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>What the choice follows from; where it changes, a model that is loaded may belong elsewhere.</summary>
    public (string Wanted, bool Failed) Basis => (settings().Device, Failure is not null);

    /// <summary>The most of a card's memory to take, 0 to 1.</summary>
    public double MemoryShare => Math.Clamp(settings().Gpu.MemoryLimit, 10, 100) / 100.0;

    /// <summary>What tunes.</summary>
    /// <exception cref="Tuning.TuningException">The settings name a card that is not there.</exception>
    public ComputeDevice ForTuning() => Choose(settings().Device);

    /// <summary>What serves a model. A card that the settings name and that is not there is passed over: a tune says so.</summary>
    /// <param name="config">The model.</param>
    public ComputeDevice ForServing(ModelConfig config)
    {
        string wanted = settings().Device;
        if (Failure is not null || (ComputeDevice.IsAutomatic(wanted) && config.ParameterCount < WorthServing))
            return Find(ComputeDevice.Processor);
        try
        {
            return Choose(wanted);
        }
        catch (Tuning.TuningException)
        {
            return Find(ComputeDevice.Processor);
        }
    }

    /// <summary>The cards of this machine, for the doctor; none where they are left alone.</summary>
    public CardSurvey Survey()
    {
        if (ComputeDevice.IsProcessor(settings().Device))
            return new CardSurvey([], "The setting codetuner.device leaves graphics cards alone.");
        if (WhyNone() is { } why)
            return new CardSurvey([], why);
        return CardSurvey.Take(Search);
    }

    /// <summary>A device computes until the result is disposed; null where that is the processor.</summary>
    public IDisposable? Working(ComputeDevice device)
    {
        if (device.Card is null || StateFolder is null)
            return null;
        lock (_gate)
            return (_mark ??= CardMark.Create(StateFolder())).Work(device.Name);
    }

    /// <summary>The session ends: if this process is killed now, that is not the card's fault. One that does not answer stays marked.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (!_isSilent)
                _mark?.Clear();
        }
    }

    /// <summary>Uses no card any more, as what it was sent never came back.</summary>
    /// <param name="card">Its name.</param>
    public void GiveUpSilent(string card)
    {
        lock (_gate)
            _isSilent = true;
        GiveUp($"{card} does not answer any more.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isSilent)
                _mark?.Dispose();
        }
    }

    /// <summary>Uses no card any more, and says why once.</summary>
    /// <param name="why">What the card's failure said.</param>
    public void GiveUp(string why)
    {
        if (Interlocked.CompareExchange(ref _failure, why, null) is null)
            GivenUp?.Invoke($"{why} The processor computes until the server is started again.");
    }

    private ComputeDevice Find(string name) => choose is null ? ComputeDevice.Choose(name, Search) : choose(name);

    private GgmlLibraryOptions Search => new() { Setting = settings().Gpu.Libraries };

    private ComputeDevice Choose(string wanted) =>
        Find(ComputeDevice.IsProcessor(wanted) || WhyNone() is not null ? ComputeDevice.Processor : wanted);

    // The first look at the cards is taken by a process of its own; what it says counts until other libraries are named.
    private string? WhyNone()
    {
        if (Failure is null && Problem() is { } problem)
            GiveUp(problem);
        return Failure;
    }

    private string? Problem()
    {
        GgmlLibraryOptions search = Search;
        lock (_gate)
        {
            if (_probed.Search != search)
                _probed = (search, probe is null ? Probe(search) : probe());
            return _probed.Problem;
        }
    }

    private string? Probe(GgmlLibraryOptions search)
    {
        if (StateFolder is not null && CardMark.TakeLeft(StateFolder()) is { } card)
            return $"{card} was computing when this program ended unexpectedly, as it does where a graphics driver fails.";
        if (CardProbe.Problem(CardProbe.ThisProgram("codetuner-server", settings().Device), search) is { } problem)
            return $"{problem} If the setting codetuner.device is cpu, it is left alone.";
        // Who names a folder wants to hear what is wrong with it; others have no card, and miss nothing.
        return string.IsNullOrWhiteSpace(search.Setting) || CardSurvey.Take(search) is not { Cards.Count: 0, Problem: { Length: > 0 } why } ? null : why;
    }
}
