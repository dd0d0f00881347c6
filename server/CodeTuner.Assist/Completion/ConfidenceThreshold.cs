using System.Text.Json;
using System.Text.Json.Serialization;
using CodeTuner.Models.Checkpoints;

namespace CodeTuner.Assist.Completion;

/// <summary>
/// Below which mean log-probability a completion is not shown by itself, learned from what is accepted. Completions are counted in
/// bins of confidence; from the surest bin downwards, those are shown whose share of accepted ones is worth the eye's trouble. The
/// counts fade, so that a bin that was not shown for long is tried again; and at least the surer half of all completions is shown,
/// whatever was learned. Safe to use from several threads.
/// </summary>
public sealed partial class ConfidenceThreshold
{
    private const double WorthShowing = 0.05;
    private const double PriorWeight = 20;
    private const double Fading = 0.99;
    private const double LargestHiddenShare = 0.5;

    // The lower bounds of the bins, and what is taken for each bin's share before anything is known.
    private static readonly double[] Bounds = [double.NegativeInfinity, -4, -3, -2.5, -2, -1.6, -1.3, -1, -0.75, -0.5, -0.25];
    private static readonly double[] Prior = [0.02, 0.06, 0.08, 0.1, 0.12, 0.14, 0.17, 0.2, 0.24, 0.28, 0.35];

    private readonly Lock gate = new();
    private State state = new();

    /// <summary>The mean log-probability from which completions are shown.</summary>
    public double Value
    {
        get
        {
            lock (gate)
                return Bounds[FirstShown()];
        }
    }

    /// <summary>Reads what was learned; a file that is missing or damaged gives what nothing is known gives.</summary>
    /// <param name="path">The file.</param>
    public static ConfidenceThreshold Load(string path)
    {
        ConfidenceThreshold threshold = new();
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(path), StateJson.Default.State) is { } read && read.IsSound())
                threshold.state = read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // It learns anew.
        }

        return threshold;
    }

    /// <summary>Writes what was learned; no code is in it.</summary>
    /// <exception cref="IOException">The file cannot be written; the old one is untouched.</exception>
    public void Save(string path)
    {
        string json;
        lock (gate)
            json = JsonSerializer.Serialize(state, StateJson.Default.State);
        AtomicFile.WriteText(path, json);
    }

    /// <summary>Whether to show a completion that nobody asked for by a key.</summary>
    public bool Shows(double logProbability) => logProbability >= Value;

    /// <summary>A model answered, whether it is shown or not.</summary>
    public void Answered(double logProbability)
    {
        lock (gate)
            state.Answered[Bin(logProbability)]++;
    }

    /// <summary>A completion was read by the user, and accepted or not.</summary>
    public void Learn(double logProbability, bool accepted)
    {
        lock (gate)
        {
            for (int i = 0; i < Bounds.Length; i++)
            {
                state.Seen[i] *= Fading;
                state.Accepted[i] *= Fading;
                state.Answered[i] *= Fading;
            }

            int bin = Bin(logProbability);
            state.Seen[bin]++;
            if (accepted)
                state.Accepted[bin]++;
        }
    }

    private static int Bin(double logProbability)
    {
        int bin = Bounds.Length - 1;
        while (bin > 0 && !(logProbability >= Bounds[bin]))
            bin--;
        return bin;
    }

    private int FirstShown()
    {
        int first = Bounds.Length;
        while (first > 0 && Rate(first - 1) >= WorthShowing)
            first--;

        // Never so high that hardly anything is shown.
        double all = state.Answered.Sum(), hidden = state.Answered.Take(first).Sum();
        while (first > 0 && (hidden > all * LargestHiddenShare || first == Bounds.Length))
            hidden -= state.Answered[--first];
        return first;
    }

    private double Rate(int bin) => (state.Accepted[bin] + (Prior[bin] * PriorWeight)) / (state.Seen[bin] + PriorWeight);

    private sealed class State
    {
        public double[] Answered { get; set; } = new double[Bounds.Length];

        public double[] Seen { get; set; } = new double[Bounds.Length];

        public double[] Accepted { get; set; } = new double[Bounds.Length];

        public bool IsSound() => new[] { Answered, Seen, Accepted }.All(a => a?.Length == Bounds.Length && a.All(v => v >= 0 && double.IsFinite(v)));
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(State))]
    private sealed partial class StateJson : JsonSerializerContext;
}
