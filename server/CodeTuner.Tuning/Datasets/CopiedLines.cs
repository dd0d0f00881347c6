using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Datasets;

/// <summary>
/// Finds runs of lines that stand both in held-out and in training code, white space aside. A run that stands in one or two
/// training files is a copy, and is not to be learned. One in more is the workspace's boilerplate, such as a licence header:
/// it may be learned, and is not measured on, since knowing it is no merit.
/// </summary>
internal sealed class CopiedLines
{
    private const int RunLines = 6;
    private const int LeastLetters = 60; // closing brackets in a row are nobody's copy
    private const int BoilerplateFiles = 3;

    // For each run of held-out lines: in how many training files it stands.
    private readonly Dictionary<ulong, int> files = [];

    public void AddHeldOut(string text, TextSpan span)
    {
        foreach ((ulong hash, _) in Runs(text, span))
            files.TryAdd(hash, 0);
    }

    /// <summary>Counts a training file, once all held-out code was added.</summary>
    public void AddTraining(string text, TextSpan[] heldOut)
    {
        foreach (ulong hash in Between(text, heldOut).SelectMany(s => Runs(text, s)).Select(r => r.Hash).Distinct())
        {
            if (files.TryGetValue(hash, out int count))
                files[hash] = count + 1;
        }
    }

    /// <summary>The copies in a training file, once all were counted.</summary>
    public IEnumerable<TextSpan> InTraining(string text, TextSpan[] heldOut) =>
        Between(text, heldOut).SelectMany(s => Runs(text, s)).Where(r => files.GetValueOrDefault(r.Hash) is > 0 and < BoilerplateFiles).Select(r => r.Span);

    /// <summary>A held-out stretch without the boilerplate in it.</summary>
    public IEnumerable<TextSpan> WithoutBoilerplate(string text, TextSpan span)
    {
        int at = span.Start;
        foreach (TextSpan run in Runs(text, span).Where(r => files.GetValueOrDefault(r.Hash) >= BoilerplateFiles).Select(r => r.Span))
        {
            if (run.Start > at)
                yield return new TextSpan(at, run.Start);
            at = Math.Max(at, run.End);
        }

        if (span.End > at)
            yield return new TextSpan(at, span.End);
    }

    private static IEnumerable<TextSpan> Between(string text, TextSpan[] heldOut)
    {
        int at = 0;
        foreach (TextSpan span in heldOut)
        {
            if (span.Start > at)
                yield return new TextSpan(at, span.Start);
            at = Math.Max(at, span.End);
        }

        if (at < text.Length)
            yield return new TextSpan(at, text.Length);
    }

    // Every run of lines that say something, by its start.
    private static IEnumerable<(ulong Hash, TextSpan Span)> Runs(string text, TextSpan span)
    {
        Queue<(ulong Hash, int Letters, int Start)> run = new();
        for (int start = span.Start; start < span.End;)
        {
            int end = text.IndexOf('\n', start, span.End - start);
            end = end < 0 ? span.End : end + 1;
            (ulong hash, int letters) = Read(text.AsSpan(start, end - start));
            if (letters > 0)
            {
                run.Enqueue((hash, letters, start));
                if (run.Count > RunLines)
                    run.Dequeue();
                if (run.Count == RunLines && run.Sum(l => l.Letters) >= LeastLetters)
                    yield return (run.Aggregate(0UL, (all, l) => (all ^ l.Hash) * 0x9E3779B97F4A7C15 + (all >> 29)), new TextSpan(run.Peek().Start, end));
            }

            start = end;
        }
    }

    // FNV-1a over what is not white space.
    private static (ulong Hash, int Letters) Read(ReadOnlySpan<char> line)
    {
        ulong hash = 0xCBF29CE484222325;
        int letters = 0;
        foreach (char c in line)
        {
            if (char.IsWhiteSpace(c))
                continue;
            hash = (hash ^ c) * 0x100000001B3;
            letters += char.IsLetterOrDigit(c) ? 1 : 0;
        }

        return (hash, letters);
    }
}
