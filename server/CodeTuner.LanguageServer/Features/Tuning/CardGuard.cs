using CodeTuner.Tensors.Ggml;

namespace CodeTuner.LanguageServer.Features.Tuning;

/// <summary>Says when a tune must leave its graphics card to others: the machine runs on battery, or another program wants the memory.</summary>
/// <param name="memory">The card's memory now.</param>
/// <param name="isOnBattery">Whether the machine runs on battery, where the user wants that to count.</param>
internal sealed class CardGuard(Func<GgmlMemory> memory, Func<bool> isOnBattery)
{
    // Of all the memory: with less free, what another program asks for next fails or is swapped out.
    private const double Scarce = 0.03;

    /// <summary>Whether the tune should hold still until the machine is on mains power.</summary>
    public bool ShouldPause => isOnBattery();

    /// <summary>Whether the tune should end for now, so that its memory is free.</summary>
    public bool ShouldYield => memory() is { Total: > 0 } now && now.Free < now.Total * Scarce;

    /// <summary>Whether there is room again for a tune that held so much.</summary>
    /// <param name="held">Bytes it held when it ended.</param>
    public bool HasRoomFor(long held) => memory() is { } now && now.Free - held > now.Total * Scarce * 2;
}
