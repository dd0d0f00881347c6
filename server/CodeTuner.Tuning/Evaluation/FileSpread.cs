using CodeTuner.Models;

namespace CodeTuner.Tuning.Evaluation;

/// <summary>Chooses a few of the things that were found in files, so that no file has many before the others have some.</summary>
internal static class FileSpread
{
    /// <summary>At most <paramref name="count"/> of them: the first of each file in a random order, then the second of each, and so on.</summary>
    /// <param name="byFile">What each file has, in random order; files without any are passed over.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="random">Orders the files.</param>
    public static List<T> Choose<T>(IEnumerable<List<T>> byFile, int count, RandomSequence random)
    {
        List<List<T>> files = [.. byFile.Where(f => f.Count > 0)];
        random.Shuffle(files);
        List<T> chosen = [];
        for (int round = 0; chosen.Count < count && files.Exists(f => f.Count > round); round++)
            chosen.AddRange(files.Where(f => f.Count > round).Select(f => f[round]).Take(count - chosen.Count));
        return chosen;
    }
}
