using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Ggml;

namespace CodeTuner.Tuning.Devices;

/// <summary>What computes: the processor, or a graphics card that ggml reaches.</summary>
public sealed class ComputeDevice
{
    /// <summary>The name that leaves the choice to the program.</summary>
    public const string Automatic = "auto";

    /// <summary>The name that leaves graphics cards alone.</summary>
    public const string Processor = "cpu";

    private ComputeDevice(GgmlDevice? card) => Card = card;

    /// <summary>The card; null where the processor computes.</summary>
    public GgmlDevice? Card { get; }

    /// <summary>For people, such as "Vulkan0 (NVIDIA GeForce RTX 4070)".</summary>
    public string Name => Card?.ToString() ?? "the processor";

    /// <summary>The device that a user names.</summary>
    /// <param name="wanted">
    /// <see cref="Automatic"/> is the first card, and the processor where there is none or ggml's libraries are not there;
    /// <see cref="Processor"/> is the processor; anything else is a card's name.
    /// </param>
    /// <param name="search">Where ggml's libraries are looked for.</param>
    /// <exception cref="TuningException">There is no such card; the message lists those that are there.</exception>
    public static ComputeDevice Choose(string wanted, GgmlLibraryOptions? search = null)
    {
        if (IsAutomatic(wanted))
            return new ComputeDevice(CardSurvey.Take(search).Cards.FirstOrDefault(IsWorthIt));
        if (IsProcessor(wanted))
            return new ComputeDevice(null);
        CardSurvey survey = CardSurvey.Take(search);
        return survey.Cards.FirstOrDefault(c => c.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)) is { } card
            ? new ComputeDevice(card)
            : throw new TuningException(survey.Cards.Count > 0
                ? $"There is no device {wanted}. There are: {string.Join(", ", survey.Cards)}; \"{Processor}\" is the processor."
                : $"There is no device {wanted}, nor any other graphics card. {survey.Problem} Use \"{Processor}\" or \"{Automatic}\".");
    }

    /// <summary>Whether a name leaves the choice to the program; no name does too.</summary>
    public static bool IsAutomatic(string wanted) => wanted.Length == 0 || wanted.Equals(Automatic, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a name leaves graphics cards alone.</summary>
    public static bool IsProcessor(string wanted) => wanted.Equals(Processor, StringComparison.OrdinalIgnoreCase);

    /// <summary>A backend on it.</summary>
    /// <param name="cpu">How the processor computes, where it does.</param>
    /// <param name="memoryShare">The most of a card's memory to take, 0 to 1.</param>
    /// <exception cref="GgmlDeviceException">The card cannot be opened.</exception>
    public Backend CreateBackend(CpuBackendOptions cpu, double memoryShare) =>
        Card is null ? new CpuBackend(cpu) : GgmlBackend.Create(Card, new GgmlBackendOptions { MemoryShare = memoryShare });

    /// <summary>Bytes that a tune may take on the card, of what is free now; null where the processor computes.</summary>
    /// <param name="memoryShare">The most of a card's memory to take, 0 to 1.</param>
    public long? AvailableBytes(double memoryShare) =>
        Card?.Memory is { } memory ? Math.Min(memory.Free, (long)(memory.Total * memoryShare)) : null;

    // A Vulkan driver that draws on the processor is slower than our own kernels; who wants it has to name it.
    internal static bool IsWorthIt(GgmlDevice card) => IsHardware(card.Description);

    internal static bool IsHardware(string description) =>
        !description.Contains("llvmpipe", StringComparison.OrdinalIgnoreCase) && !description.Contains("SwiftShader", StringComparison.OrdinalIgnoreCase);
}
