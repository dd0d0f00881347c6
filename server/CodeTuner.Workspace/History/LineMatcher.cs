namespace CodeTuner.Workspace.History;

/// <summary>
/// Finds which lines of one text are still there in another, in order: equal ends first, then patience diff (lines that are unique
/// on both sides, in their longest increasing order, split the rest), then the longest common subsequence of each small gap.
/// Large gaps without a unique line count as changed, which keeps the time near linear.
/// </summary>
internal static class LineMatcher
{
    private const int LargestTable = 1 << 20;

    /// <summary>For each line of <paramref name="after"/>, its line in <paramref name="before"/>, or -1.</summary>
    public static int[] Match(string[] before, string[] after)
    {
        var ids = new Dictionary<string, int>();
        var a = Array.ConvertAll(before, Intern);
        var b = Array.ConvertAll(after, Intern);
        var result = new int[b.Length];
        Array.Fill(result, -1);
        var work = new Stack<(int A, int AEnd, int B, int BEnd)>();
        work.Push((0, a.Length, 0, b.Length));
        while (work.Count > 0)
        {
            var (aStart, aEnd, bStart, bEnd) = work.Pop();
            while (aStart < aEnd && bStart < bEnd && a[aStart] == b[bStart])
                result[bStart++] = aStart++;
            while (aStart < aEnd && bStart < bEnd && a[aEnd - 1] == b[bEnd - 1])
                result[--bEnd] = --aEnd;
            if (aStart == aEnd || bStart == bEnd)
                continue;
            var anchors = Anchors(a, b, aStart, aEnd, bStart, bEnd);
            if (anchors.Count == 0)
            {
                if ((long)(aEnd - aStart) * (bEnd - bStart) <= LargestTable)
                    LongestCommon(a, b, aStart, aEnd, bStart, bEnd, result);
                continue;
            }

            var (aFrom, bFrom) = (aStart, bStart);
            foreach (var (atA, atB) in anchors)
            {
                result[atB] = atA;
                work.Push((aFrom, atA, bFrom, atB));
                (aFrom, bFrom) = (atA + 1, atB + 1);
            }

            work.Push((aFrom, aEnd, bFrom, bEnd));
        }

        return result;

        int Intern(string line)
        {
            if (!ids.TryGetValue(line, out var id))
                ids.Add(line, id = ids.Count);
            return id;
        }
    }

    private static List<(int A, int B)> Anchors(int[] a, int[] b, int aStart, int aEnd, int bStart, int bEnd)
    {
        var seen = new Dictionary<int, (int A, int B, bool Twice)>();
        for (var i = aStart; i < aEnd; i++)
            seen[a[i]] = seen.ContainsKey(a[i]) ? (0, -1, true) : (i, -1, false);
        for (var i = bStart; i < bEnd; i++)
        {
            if (seen.TryGetValue(b[i], out var there) && !there.Twice)
                seen[b[i]] = there.B >= 0 ? (0, -1, true) : (there.A, i, false);
        }

        var pairs = seen.Values.Where(v => !v.Twice && v.B >= 0).OrderBy(v => v.B).ToList();

        // The longest increasing subsequence of the lines before, by patience sorting.
        var piles = new List<int>();
        var previous = new int[pairs.Count];
        for (var i = 0; i < pairs.Count; i++)
        {
            int low = 0, high = piles.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (pairs[piles[middle]].A < pairs[i].A)
                    low = middle + 1;
                else
                    high = middle;
            }

            previous[i] = low > 0 ? piles[low - 1] : -1;
            if (low == piles.Count)
                piles.Add(i);
            else
                piles[low] = i;
        }

        var chain = new List<(int, int)>();
        for (var i = piles.Count > 0 ? piles[^1] : -1; i >= 0; i = previous[i])
            chain.Add((pairs[i].A, pairs[i].B));
        chain.Reverse();
        return chain;
    }

    private static void LongestCommon(int[] a, int[] b, int aStart, int aEnd, int bStart, int bEnd, int[] result)
    {
        int rows = aEnd - aStart, columns = bEnd - bStart;
        var lengths = new int[(rows + 1) * (columns + 1)];
        for (var i = rows - 1; i >= 0; i--)
        {
            for (var j = columns - 1; j >= 0; j--)
            {
                lengths[i * (columns + 1) + j] = a[aStart + i] == b[bStart + j]
                    ? lengths[(i + 1) * (columns + 1) + j + 1] + 1
                    : Math.Max(lengths[(i + 1) * (columns + 1) + j], lengths[i * (columns + 1) + j + 1]);
            }
        }

        for (int i = 0, j = 0; i < rows && j < columns;)
        {
            if (a[aStart + i] == b[bStart + j])
            {
                result[bStart + j] = aStart + i;
                i++;
                j++;
            }
            else if (lengths[(i + 1) * (columns + 1) + j] >= lengths[i * (columns + 1) + j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }
    }
}
