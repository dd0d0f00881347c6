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

        return (repository is null ? null : ByTime(documents, lines, repository, cancellationToken)) ?? ByFile(documents, lines, cancellationToken);
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
            $"The code of the newest {newest.Commits:N0} commits is held out: {held:N0} of {lines:N0} lines in {newest.Files.Count:N0} files.");
    }

    private static HeldOutSplit ByFile(IReadOnlyList<SourceDocument> documents, int lines, CancellationToken cancellationToken)
    {
        Dictionary<string, IReadOnlyList<LineRange>> held = new(StringComparer.Ordinal);
        if (documents.Count < 5)
        {
            // Too few files to spare one: the end of each.
            foreach (SourceDocument document in documents)
            {
                int count = CountLines(document.Text);
                held[document.Path] = [new LineRange(count - Math.Max(1, count / 6), count)];
            }

            return Assemble(documents, held, held, byTime: false, cancellationToken, "There are few files: the last sixth of each is held out.");
        }

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

        return Assemble(documents, held, new Dictionary<string, IReadOnlyList<LineRange>>(), byTime: false, cancellationToken,
            $"The history does not split well: {held.Count:N0} whole files are held out, {sum:N0} of {lines:N0} lines.");
    }

    private static HeldOutSplit Assemble(
        IReadOnlyList<SourceDocument> documents, IReadOnlyDictionary<string, IReadOnlyList<LineRange>> held,
        IReadOnlyDictionary<string, IReadOnlyList<LineRange>> recent, bool byTime, CancellationToken cancellationToken, string description)
    {
        List<HeldOutDocument> heldOut = [];
        NearDuplicateIndex index = new();
        foreach (SourceDocument document in documents.Where(d => held.ContainsKey(d.Path)))
        {
            LineTable table = new(document.Text);
            TextSpan[] spans = [.. held[document.Path].Select(table.Span).Where(s => s.Length > 0)];
            if (spans.Length == 0)
                continue;
            heldOut.Add(new HeldOutDocument(document, spans));
            foreach (TextSpan span in spans)
            {
                index.Add(document.Path, document.Text[span.Start..span.End]);

                // A small copy inside a large held-out stretch would be missed: its functions are looked for too.
                foreach (TextSpan function in Functions(document).Where(f => f.Start >= span.Start && f.End <= span.End))
                    index.Add(document.Path, document.Text[function.Start..function.End]);
            }
        }

        TrainingDocument[] training = new TrainingDocument[documents.Count];
        Parallel.For(0, documents.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            SourceDocument document = documents[i];
            LineTable table = new(document.Text);
            List<TextSpan> removed = [.. held.GetValueOrDefault(document.Path, []).Select(table.Span)];
            removed.AddRange(NearHeldOut(document, index));
            TextSpan[] fresh = [.. recent.GetValueOrDefault(document.Path, []).Select(table.Span)];
            training[i] = Cut(document, removed, fresh);
        });
        return new HeldOutSplit([.. training.Where(t => !string.IsNullOrWhiteSpace(t.Text))], heldOut, byTime, description);
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

    // Takes stretches out of a text and moves the positions of the recent ones with it.
    private static TrainingDocument Cut(SourceDocument document, List<TextSpan> removed, TextSpan[] recent)
    {
        StringBuilder text = new(document.Text.Length);
        List<TextSpan> kept = [];
        int at = 0;
        void Keep(int end)
        {
            if (end <= at)
                return;
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
        return new TrainingDocument(document.Path, document.Language, text.ToString(), kept);
    }

    private static int CountLines(string text) => text.AsSpan().Count('\n') + (text.Length > 0 && text[^1] != '\n' ? 1 : 0);

    private static string Order(string path) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(path)));
}
