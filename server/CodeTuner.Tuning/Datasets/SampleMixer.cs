using CodeTuner.Models;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tuning.Objectives;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Datasets;

/// <summary>Makes training samples of documents, in the shares of a <see cref="DataMix"/>; reproducible from its seed.</summary>
public sealed class SampleMixer
{
    private const int FullLength = 24_000;
    private const int MostSnippets = 2;

    // How much code on both sides of a gap is compared with other files, in UTF-16 units.
    private const int Around = 1200;

    private readonly Tokenizer tokenizer;
    private readonly FimFormat format;
    private readonly string repository;
    private readonly TrainingDocument[] documents;
    private readonly FimSpanSampler[] samplers;
    private readonly SimilarSnippets? snippets;
    private readonly IReadOnlyList<int[]> replay;
    private readonly DataMix mix;
    private readonly int rowLength;

    /// <summary>A mixer over the documents.</summary>
    /// <param name="tokenizer">The base's tokenizer.</param>
    /// <param name="format">The base's sentinels.</param>
    /// <param name="repository">The repository's name.</param>
    /// <param name="training">What to learn from.</param>
    /// <param name="replay">Samples drawn from the base; where there are none, the other kinds share their part.</param>
    /// <param name="mix">The shares.</param>
    /// <param name="rowLength">The most tokens of a sample.</param>
    /// <exception cref="TuningException">The shares are none.</exception>
    public SampleMixer(
        Tokenizer tokenizer, FimFormat format, string repository, IReadOnlyList<TrainingDocument> training,
        IReadOnlyList<int[]> replay, DataMix mix, int rowLength)
    {
        mix.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(rowLength, 16);
        (this.tokenizer, this.format, this.repository, this.replay, this.mix, this.rowLength) = (tokenizer, format, repository, replay, mix, rowLength);
        documents = [.. training];
        samplers = new FimSpanSampler[documents.Length];
        Parallel.For(0, documents.Length, i => samplers[i] = new FimSpanSampler(documents[i]));
        if (mix.Retrieval > 0 && format.FileSeparator is not null)
            snippets = new SimilarSnippets(documents);
    }

    /// <summary>The samples of one pass over the documents: their number follows from each document's length.</summary>
    public List<TrainingSample> Pass(ulong seed)
    {
        RandomSequence random = new(seed);

        // A sample shows about a row's worth of its document; short documents share rows when they are packed.
        int charactersARow = rowLength * 3;
        List<int> order = [];
        for (int i = 0; i < documents.Length; i++)
        {
            for (int n = Math.Max(1, (EffectiveLength(documents[i].Text.Length) + (charactersARow / 2)) / charactersARow); n > 0; n--)
                order.Add(i);
        }

        random.Shuffle(order);
        Queue<int> next = new(order);
        List<TrainingSample> samples = new(order.Count);
        foreach (SampleKind kind in Kinds(order.Count, random))
        {
            if (kind == SampleKind.Replay)
            {
                samples.Add(new TrainingSample(replay[random.NextInt(replay.Count)], 1, SampleKind.Replay));
                continue;
            }

            int index = next.Dequeue();
            TrainingSample? sample = kind == SampleKind.LeftToRight ? null : Fim(index, random, withContext: kind == SampleKind.Retrieval);
            samples.Add(sample ?? LeftToRight(documents[index], random));
        }

        return samples;
    }

    // The kinds of all samples in their order: as many of each as its share says, not as chance has it.
    private List<SampleKind> Kinds(int ofDocuments, RandomSequence random)
    {
        double all = ofDocuments / (1 - mix.Replay);
        int leftToRight = Math.Min(ofDocuments, (int)Math.Round(all * mix.LeftToRight));
        int retrieval = Math.Min(ofDocuments - leftToRight, (int)Math.Round(all * mix.Retrieval));
        int replayed = replay.Count > 0 ? (int)Math.Round(all * mix.Replay) : 0;
        List<SampleKind> kinds =
        [
            .. Enumerable.Repeat(SampleKind.LeftToRight, leftToRight),
            .. Enumerable.Repeat(SampleKind.Retrieval, retrieval),
            .. Enumerable.Repeat(SampleKind.FillInTheMiddle, ofDocuments - leftToRight - retrieval),
            .. Enumerable.Repeat(SampleKind.Replay, replayed),
        ];
        random.Shuffle(kinds);
        return kinds;
    }

    // Beyond a few screens more of a file teaches ever less: without this a table of data would drown the code around it.
    private static int EffectiveLength(int characters) =>
        characters <= FullLength ? characters : (int)(FullLength * Math.Sqrt((double)characters / FullLength));

    private TrainingSample LeftToRight(TrainingDocument document, RandomSequence random)
    {
        TextSpan window = Window(document, random);
        int[] header = format.FileSeparator is { } separator ? [separator, .. tokenizer.Encode(document.Path + "\n")] : [];
        if (header.Length > rowLength / 4)
            header = [];
        int[] body = tokenizer.Encode(document.Text[window.Start..window.End]);
        int room = rowLength - header.Length;

        // The file ends only where it does: not where the window ends.
        bool ends = window.End == document.Text.Length && body.Length < room;
        int[] ids = [.. header, .. body.AsSpan(0, Math.Min(body.Length, room)), .. ends ? [format.EndOfText] : (ReadOnlySpan<int>)[]];
        return new TrainingSample(ids, Math.Max(1, header.Length), SampleKind.LeftToRight);
    }

    private TrainingSample? Fim(int index, RandomSequence random, bool withContext)
    {
        TrainingDocument document = documents[index];
        if (samplers[index].Draw(random, mix.Syntactic) is not { } span)
            return null;
        span = WithIndentation(document.Text, span);
        int[] middle = tokenizer.Encode(document.Text[span.Start..span.End]);
        int longest = rowLength / 2;
        bool whole = middle.Length <= longest;
        if (!whole)
            middle = middle[..longest];
        List<ContextSnippet> context = withContext ? Similar(document, span, random) : [];
        string prefix = document.Text[..span.Start];
        int[] prompt = FimPrompt.Build(
            format, tokenizer, document.Path, prefix, document.Text[span.End..], rowLength - middle.Length - 1, repository, context, Gap(document, prefix, random));
        return new TrainingSample(
            whole ? [.. prompt, .. middle, format.EndOfText] : [.. prompt, .. middle], FimPrompt.MiddleStart(format, prompt),
            context.Count > 0 ? SampleKind.Retrieval : SampleKind.FillInTheMiddle);
    }

    // As completion has it: at first some lines above the cursor, more when somebody has written on. Other features begin at the line.
    private int Gap(TrainingDocument document, string prefix, RandomSequence random)
    {
        int lines = random.NextDouble() < mix.LinesAbove ? 1 + random.NextInt(GapStart.MostLines) : 0;
        return GapStart.Above(prefix, lines, GapStart.MostCharacters, document.PieceAt(prefix.Length).Start);
    }

    // Prompts leave the indentation to the model.
    private static TextSpan WithIndentation(string text, TextSpan span)
    {
        int start = span.Start;
        while (start > 0 && text[start - 1] is ' ' or '\t')
            start--;
        return start == 0 || text[start - 1] == '\n' ? new TextSpan(start, span.End) : span;
    }

    // What completion would find for the code around the gap; the gap itself is not known then.
    private List<ContextSnippet> Similar(TrainingDocument document, TextSpan gap, RandomSequence random)
    {
        string text = document.Text;
        string around = string.Concat(
            text.AsSpan(Math.Max(0, gap.Start - Around), Math.Min(gap.Start, Around)), "\n", text.AsSpan(gap.End, Math.Min(text.Length - gap.End, Around / 2)));
        return snippets?.Find(document.Path, document.Language, around, 1 + random.NextInt(MostSnippets)) ?? [];
    }

    // About a row's worth of text between two seams, from the start of a line or of a paragraph.
    private TextSpan Window(TrainingDocument document, RandomSequence random)
    {
        string text = document.Text;
        int characters = rowLength * 4;
        TextSpan piece = document.PieceAt(random.NextInt(Math.Max(1, text.Length)));
        if (piece.Length <= characters)
            return piece;
        int start = piece.Start + random.NextInt(piece.Length - (characters / 2));
        start = SyntacticStart(text, start, piece);
        int end = Math.Min(piece.End, start + characters);
        return new TextSpan(start, end < text.Length && char.IsLowSurrogate(text[end]) ? end - 1 : end);
    }

    private static int SyntacticStart(string text, int at, TextSpan piece)
    {
        if (at == piece.Start)
            return at;
        const int Slack = 300;
        int reach = Math.Min(Slack, piece.End - at);
        int paragraph = text.IndexOf("\n\n", at, reach, StringComparison.Ordinal);
        if (paragraph >= 0 && paragraph + 2 < piece.End)
            return paragraph + 2;
        int line = text.IndexOf('\n', at, reach);
        if (line >= 0 && line + 1 < piece.End)
            return line + 1;
        return char.IsLowSurrogate(text[at]) ? at + 1 : at;
    }
}
