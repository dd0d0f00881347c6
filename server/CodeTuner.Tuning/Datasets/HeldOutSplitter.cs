using System.Security.Cryptography;
using System.Text;
using CodeTuner.Workspace;
using CodeTuner.Workspace.Duplicates;
using CodeTuner.Workspace.History;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Datasets;

/// <summary>
/// Splits a workspace into what is learned and what is measured on. With git, the code that the newest commits added is held
/// out: that is what the model will be asked for next. Otherwise whole files are.
/// </summary>
public static class HeldOutSplitter
{
    private const double Share = 0.10;
    private const double LargestShare = 0.30;
    private const double LeastShare = 0.02;
    private const double RecentShare = 0.40;
    private const int LeastLines = 40;
    private const int LeastFiles = 5;

    /// <summary>Splits the documents; the same documents and history always give the same split.</summary>
    /// <param name="documents">The scan's documents.</param>
    /// <param name="repository">The workspace's history, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TuningException">There is too little code.</exception>
    public static HeldOutSplit Split(IReadOnlyList<SourceDocument> documents, GitRepository? repository, CancellationToken cancellationToken = default)
    {
        int lines = documents.Sum(d => CountLines(d.Text));
        if (lines < LeastLines * 2)
        {
            throw new TuningException(
                documents.Count == 0
                    ? "There is no code to learn from here: no file in a language that CodeTuner reads was kept. Run \"codetuner scan\" to see why each file was left out."
                    : $"There is too little code to learn from: {lines} lines in {documents.Count} files; at least {LeastLines * 2} are needed.");
        }

        return (repository is null ? null : ByTime(documents, lines, repository, cancellationToken)) ?? ByFile(documents, lines, repository is not null, cancellationToken);
    }

    private static HeldOutSplit? ByTime(IReadOnlyList<SourceDocument> documents, int lines, GitRepository repository, CancellationToken cancellationToken)
    {
        WorkspaceHistory history;
        try
        {
            history = repository.AddedLines(documents, new AddedLinesOptions { EnoughShare = RecentShare }, cancellationToken);
        }
        catch (GitException)
        {
            return null; // a damaged repository, or one that git will not read: whole files have to do
        }

        NewestLines newest = history.NewestShare(Share);
        int held = newest.Files.Values.Sum(ranges => ranges.Sum(range => range.Count));
        if (held < Math.Max(LeastLines, lines * LeastShare) || held > lines * LargestShare)
            return null;
        return Assemble(documents, newest.Files, history.NewestShare(RecentShare).Files, byTime: true, cancellationToken,
            $"{NewestCode(newest.Commits - 1)} is held out: {held:N0} of {lines:N0} lines in {newest.Files.Count:N0} files.");
    }

    // The first of the history's entries is what is not committed yet.
    private static string NewestCode(int commits) => commits switch
    {
        0 => "The code that is not committed yet",
        1 => "The newest commit's code, with what is not committed yet,",
        _ => $"The code of the newest {commits:N0} commits, with what is not committed yet,",
    };

    private static HeldOutSplit ByFile(IReadOnlyList<SourceDocument> documents, int lines, bool hasHistory, CancellationToken cancellationToken)
    {
        Dictionary<string, IReadOnlyList<LineRange>> held = new(StringComparer.Ordinal);
        int sum = 0;
        foreach (SourceDocument document in documents.OrderBy(d => Order(d.Path), StringComparer.Ordinal))
        {
            int count = CountLines(document.Text);
            if (sum >= lines * Share)
                break;
            if (sum + count > lines * LargestShare)
                continue;
            held[document.Path] = [new LineRange(0, count)];
            sum += count;
        }

        Dictionary<string, IReadOnlyList<LineRange>> none = [];
        if (documents.Count >= LeastFiles && sum >= Math.Min(LeastLines, lines * Share))
        {
            return Assemble(documents, held, none, byTime: false, cancellationToken,
                $"{(hasHistory ? "The history does not split well" : "There is no history to split by")}: {held.Count:N0} whole files are held out, {sum:N0} of {lines:N0} lines.");
        }

        // Too few files to spare one, or one that is nearly all of the code: the end of each.
        held.Clear();
        foreach (SourceDocument document in documents)
        {
            int count = CountLines(document.Text);
            held[document.Path] = [new LineRange(count - Math.Max(1, count / 6), count)];
        }

        return Assemble(documents, held, none, byTime: false, cancellationToken, "There are few files: the last sixth of each is held out.");
    }

    private static HeldOutSplit Assemble(
        IReadOnlyList<SourceDocument> documents, IReadOnlyDictionary<string, IReadOnlyList<LineRange>> held,
        IReadOnlyDictionary<string, IReadOnlyList<LineRange>> recent, bool byTime, CancellationToken cancellationToken, string description)
    {
        TextSpan[][] spans = [.. documents.Select(d => HeldSpans(d, held))];
        NearDuplicateIndex index = new();
        CopiedLines copies = new();
        for (int i = 0; i < documents.Count; i++)
        {
            SourceDocument document = documents[i];
            if (spans[i].Length == 0)
                continue;
            TextSpan[] functions = [.. Functions(document)];
            foreach (TextSpan span in spans[i])
            {
                copies.AddHeldOut(document.Text, span);
                index.Add(document.Path, document.Text[span.Start..span.End]);

                // A small copy inside a large held-out stretch would be missed: its functions are looked for too.
                foreach (TextSpan function in functions.Where(f => f.Start >= span.Start && f.End <= span.End))
                    index.Add(document.Path, document.Text[function.Start..function.End]);
            }
        }

        for (int i = 0; i < documents.Count; i++)
            copies.AddTraining(documents[i].Text, spans[i]);

        ParallelOptions parallel = new() { CancellationToken = cancellationToken };
        TrainingDocument[] training = new TrainingDocument[documents.Count];
        Parallel.For(0, documents.Count, parallel, i =>
        {
            SourceDocument document = documents[i];
            LineTable table = new(document.Text);
            List<TextSpan> removed = [.. spans[i], .. NearHeldOut(document, index), .. copies.InTraining(document.Text, spans[i])];
            TextSpan[] fresh = [.. recent.GetValueOrDefault(document.Path, []).Select(table.Span)];
            training[i] = Cut(document, removed, fresh);
        });
        List<HeldOutDocument> heldOut = [];
        for (int i = 0; i < documents.Count; i++)
        {
            TextSpan[] measured = [.. spans[i].SelectMany(s => copies.WithoutBoilerplate(documents[i].Text, s))];
            if (measured.Length > 0)
                heldOut.Add(new HeldOutDocument(documents[i], measured));
        }

        return new HeldOutSplit([.. training.Where(t => !string.IsNullOrWhiteSpace(t.Text))], heldOut, byTime, description);
    }

    private static TextSpan[] HeldSpans(SourceDocument document, IReadOnlyDictionary<string, IReadOnlyList<LineRange>> held)
    {
        if (!held.TryGetValue(document.Path, out IReadOnlyList<LineRange>? ranges))
            return [];
        LineTable table = new(document.Text);
        return [.. ranges.Select(table.Span).Where(s => s.Length > 0).OrderBy(s => s.Start)];
    }

    private static IEnumerable<TextSpan> Functions(SourceDocument document) =>
        OutlineParser.Parse(document.Language, document.Text).SelectMany(n => n.SelfAndDescendants())
            .Where(n => n.Kind == OutlineKind.Function).Select(n => n.Span);

    // Functions, or whole files, that say nearly what held-out code says.
    private static IEnumerable<TextSpan> NearHeldOut(SourceDocument document, NearDuplicateIndex index)
    {
        if (index.FindNear(document.Text) is not null)
            return [new TextSpan(0, document.Text.Length)];
        return Functions(document).Where(f => index.FindNear(document.Text[f.Start..f.End]) is not null);
    }

    // Takes stretches out of a text, notes where, and moves the positions of the recent ones with it.
    private static TrainingDocument Cut(SourceDocument document, List<TextSpan> removed, TextSpan[] recent)
    {
        StringBuilder text = new(document.Text.Length);
        List<TextSpan> kept = [];
        List<int> seams = [];
        int at = 0;
        void Keep(int end)
        {
            if (end <= at)
                return;
            if (at > 0 && text.Length > 0)
                seams.Add(text.Length);
            int shift = text.Length - at;
            foreach (TextSpan span in recent)
            {
                int start = Math.Max(span.Start, at), stop = Math.Min(span.End, end);
                if (stop > start)
                    kept.Add(new TextSpan(start + shift, stop + shift));
            }

            text.Append(document.Text, at, end - at);
        }

        foreach (TextSpan span in removed.OrderBy(s => s.Start))
        {
            Keep(span.Start);
            at = Math.Max(at, span.End);
        }

        Keep(document.Text.Length);
        return new TrainingDocument(document.Path, document.Language, text.ToString(), kept) { Seams = seams };
    }

    private static int CountLines(string text) => text.AsSpan().Count('\n') + (text.Length > 0 && text[^1] != '\n' ? 1 : 0);

    private static string Order(string path) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(path)));
}
