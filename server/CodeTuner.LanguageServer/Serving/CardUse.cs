using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.Models.Architectures;
using CodeTuner.Tuning.Devices;

namespace CodeTuner.LanguageServer.Serving;

/// <summary>Says what computes, and gives a graphics card up for this session once it has failed.</summary>
/// <param name="settings">The user's settings.</param>
/// <param name="choose">Finds the device of a name; null asks ggml.</param>
/// <param name="probe">Says why the cards must be left alone; asked once, before the first is opened. Null takes <see cref="DriverProbe"/>.</param>
internal sealed class CardUse(Func<ServerSettings> settings, Func<string, ComputeDevice>? choose = null, Func<string?>? probe = null)
{
    // A small model answers sooner from the processor: sending each token's work to a card takes longer than the work.
    private const long WorthServing = 200_000_000;

    private readonly Func<string, ComputeDevice> _choose = choose ?? (name => ComputeDevice.Choose(name));
    private readonly Lazy<string?> _problem = new(probe ?? (() => DriverProbe.Problem()));
    private string? _failure;

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
        bool isAutomatic = wanted.Length == 0 || wanted.Equals(ComputeDevice.Automatic, StringComparison.OrdinalIgnoreCase);
        if (Failure is not null || (isAutomatic && config.ParameterCount < WorthServing))
            return _choose(ComputeDevice.Processor);
        try
        {
            return Choose(wanted);
        }
        catch (Tuning.TuningException)
        {
            return _choose(ComputeDevice.Processor);
        }
    }

    /// <summary>The cards of this machine, for the doctor; none where they are left alone.</summary>
    public CardSurvey Survey()
    {
        if (settings().Device.Equals(ComputeDevice.Processor, StringComparison.OrdinalIgnoreCase))
            return new CardSurvey([], "The setting codetuner.device leaves graphics cards alone.");
        return WhyNone() is { } why ? new CardSurvey([], why) : CardSurvey.Take();
    }

    private ComputeDevice Choose(string wanted)
    {
        bool isProcessor = wanted.Equals(ComputeDevice.Processor, StringComparison.OrdinalIgnoreCase);
        return _choose(isProcessor || WhyNone() is not null ? ComputeDevice.Processor : wanted);
    }

    // The driver is tried only where a card is about to be used, so the first to ask waits for it.
    private string? WhyNone()
    {
        if (Failure is null && _problem.Value is { } problem)
            GiveUp(problem);
        return Failure;
    }

    /// <summary>Uses no card any more, and says why once.</summary>
    /// <param name="why">What the card's failure said.</param>
    public void GiveUp(string why)
    {
        if (Interlocked.CompareExchange(ref _failure, why, null) is null)
            GivenUp?.Invoke($"{why} The processor computes until the server is started again.");
    }
}
