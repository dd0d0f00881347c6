using System.Text.Json;

namespace CodeTuner.Compare.Training;

/// <summary>One step of a side.</summary>
/// <param name="Seconds">By its own clock.</param>
/// <param name="Loss">The mean, in nats a token.</param>
/// <param name="Norm">Of the gradients, before clipping.</param>
internal sealed record TrainingStep(double Seconds, double Loss, double Norm);

/// <summary>What a side answers when it was asked for some steps.</summary>
/// <param name="Steps">The steps.</param>
/// <param name="PeakBytes">The most memory that was resident since it started.</param>
/// <param name="Tiles">Here alone: the longest tiles of these steps, which is what an interactive request may have to wait for.</param>
/// <param name="LongestPause">Here alone: milliseconds of the longest pause of the collector in these steps.</param>
internal sealed record TrainingReply(IReadOnlyList<TrainingStep> Steps, long PeakBytes, IReadOnlyList<TileTimes>? Tiles = null, double LongestPause = 0)
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);
}
