namespace CodeTuner.Models.Generation;

/// <summary>
/// Where the gap of a fill-in-the-middle prompt begins: some lines above the cursor, which a model goes on from more surely than from
/// a sentinel (docs/benchmarks.md, "Serving"). Serving lets it stay while somebody writes on, up to <see cref="MostLines"/> or
/// <see cref="MostCharacters"/>; training draws from the same range, and evaluation begins where a first completion does.
/// </summary>
public static class GapStart
{
    /// <summary>The lines above the cursor's own at which a gap is begun: from more a model gains nothing.</summary>
    public const int UsualLines = 4;

    /// <summary>The most lines above the cursor's own at which a gap may begin.</summary>
    public const int MostLines = 16;

    /// <summary>The most UTF-16 units before the cursor at which a gap may begin.</summary>
    public const int MostCharacters = 1000;

    /// <summary>The start of a line above the last one.</summary>
    /// <param name="prefix">What stands before the cursor.</param>
    /// <param name="lines">How many lines above; fewer where the text begins before or the stretch would be too long.</param>
    /// <param name="characters">The longest stretch before the cursor, in UTF-16 units; by default half of what it may grow to.</param>
    /// <param name="earliest">No line that starts before this place.</param>
    /// <returns>A place in <paramref name="prefix"/>; the start of its last line at the latest.</returns>
    public static int Above(string prefix, int lines = UsualLines, int characters = MostCharacters / 2, int earliest = 0)
    {
        int start = prefix.LastIndexOf('\n') + 1;
        for (int i = 0; i < lines && start > earliest; i++)
        {
            int above = prefix.LastIndexOf('\n', Math.Max(0, start - 2), Math.Max(0, start - 1)) + 1;
            if (above < earliest || prefix.Length - above > characters)
                break;
            start = above;
        }

        return start;
    }
}
