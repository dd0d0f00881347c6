namespace CodeTuner.Models.Generation;

/// <summary>
/// Decides how many guessed tokens a decoding step is given along, to be checked all at once (Leviathan et al. 2023, arXiv 2211.17192):
/// as many as pay, by what steps have taken and by how often such guesses were right. Guesses are counted whether they were given along
/// or not, so what does not pay costs next to nothing, and is taken up again when it would.
/// </summary>
internal sealed class Speculation
{
    /// <summary>The most rows of a step: a token and its guessed successors.</summary>
    public const int MostRows = 8;

    // It must gain this much by the figures, as the figures are not exact.
    private const double LeastGain = 1.05;

    // What a new observation weighs.
    private const double Weight = 0.1;

    // What another row is taken to cost of a first one until some were tried, and how fast a measurement that is not repeated fades.
    private const double RowCost = 0.25, Fading = 0.003;

    // A guess is taken to be right as seldom as this until something is known.
    private const double FirstBelief = 0.3;

    // Whole blocks of the kernels.
    private static readonly int[] RowCounts = [2, 4, MostRows];

    private readonly double[] right = new double[PromptLookup.Longest + 1];
    private readonly double[] cost = new double[MostRows + 1];
    private readonly int[] tried = new int[MostRows + 1];
    private readonly int[] guess = new int[MostRows - 1];
    private double single;
    private int match;
    private int seen;

    public Speculation() => right.AsSpan().Fill(FirstBelief);

    /// <summary>Another text begins.</summary>
    public void Begin() => match = 0;

    /// <summary>The tokens to check beside the last of <paramref name="text"/>.</summary>
    /// <param name="text">All tokens so far.</param>
    /// <param name="mostRows">The most rows that the step may have.</param>
    /// <param name="fixedRows">Rows where there is a guess; null decides.</param>
    public ReadOnlySpan<int> Draft(ReadOnlySpan<int> text, int mostRows, int? fixedRows = null)
    {
        seen = 0;
        match = PromptLookup.Find(text, guess);
        if (match == 0)
            return [];
        int rows = Math.Min(fixedRows ?? Rows(Math.Min(mostRows, MostRows)), mostRows);
        return guess.AsSpan(0, Math.Max(0, rows - 1));
    }

    /// <summary>Notes a token that the model chose, the next one after those of <see cref="Draft"/>.</summary>
    public void Chosen(int token)
    {
        if (match == 0 || seen >= guess.Length)
            return;
        bool isRight = token == guess[seen];
        ref double belief = ref right[Math.Min(match + seen, PromptLookup.Longest)];
        belief += Weight * ((isRight ? 1 : 0) - belief);
        (seen, match) = isRight ? (seen + 1, match) : (0, 0);
    }

    /// <summary>Notes what a step took.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="time">The time.</param>
    public void Took(int rows, TimeSpan time)
    {
        double seconds = time.TotalSeconds;
        if (rows == 1)
        {
            // A step that was disturbed says little.
            single = single == 0 ? seconds : single + (Weight * (Math.Min(seconds, 2 * single) - single));
            return;
        }

        // The first compiles.
        if (single > 0 && tried[rows]++ > 0)
        {
            double found = Math.Clamp(seconds / single, 1, 2 * rows);
            cost[rows] = tried[rows] == 2 ? found : cost[rows] + (2 * Weight * (found - cost[rows]));
        }
    }

    private double Cost(int rows) => tried[rows] > 1 ? cost[rows] : Believed(rows);

    // By the next smaller number of rows that was tried.
    private double Believed(int rows)
    {
        double each = RowCost;
        foreach (int fewer in RowCounts)
        {
            if (fewer < rows && tried[fewer] > 1)
                each = (cost[fewer] - 1) / (fewer - 1);
        }

        return 1 + (each * (rows - 1));
    }

    private int Rows(int most)
    {
        int best = 1;
        double gain = LeastGain;
        foreach (int rows in RowCounts)
        {
            if (rows > most)
                break;
            double tokens = Expected(rows);
            if (tokens / Cost(rows) > gain)
                (best, gain) = (rows, tokens / Cost(rows));
        }

        foreach (int rows in RowCounts)
            cost[rows] += rows == best ? 0 : Fading * (Believed(rows) - cost[rows]);
        return best;
    }

    // The tokens that a step is expected to give: a guess counts where all before it are right.
    private double Expected(int rows)
    {
        double tokens = 1, all = 1;
        for (int i = 0; i < rows - 1; i++)
            tokens += all *= right[Math.Min(match + i, PromptLookup.Longest)];
        return tokens;
    }
}
