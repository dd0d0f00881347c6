using System.Globalization;
using CodeTuner.LanguageServer.Protocol.Extensions;

namespace CodeTuner.LanguageServer.Features.Tuning;

/// <summary>A tune's status as one line for people.</summary>
internal static class TuneWords
{
    /// <summary>The line.</summary>
    public static string Of(TuneStatus status)
    {
        string phase = status.Phase switch
        {
            TunePhaseName.Scanning => "reading the workspace",
            TunePhaseName.Preparing => "preparing samples",
            TunePhaseName.Training => string.Create(CultureInfo.InvariantCulture, $"step {status.Step} of {status.TotalSteps}"),
            _ => "measuring what was gained",
        };
        if (status.Paused)
        {
            return phase + status.PausedBy switch
            {
                PauseCause.Battery => ", paused while the machine runs on battery",
                PauseCause.Card => ", waits for another tune on the graphics card",
                _ => ", paused",
            };
        }

        return status.SecondsLeft is { } seconds ? $"{phase}, {Left(seconds)}" : phase;
    }

    private static string Left(double seconds) => seconds switch
    {
        < 50 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(5, Math.Ceiling(seconds / 5) * 5):F0} s left"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds / 60):F0} min left"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:F1} h left"),
    };
}
