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

    private readonly Tokenizer tokenizer;
    private readonly FimFormat format;
    private readonly string repository;
    private readonly TrainingDocument[] documents;
    private readonly FimSpanSampler[] samplers;
    private readonly IReadOnlyList<int[]> replay;
    private readonly DataMix mix;
    private readonly int rowLength;

    /// <summary>A mixer over the documents.</summary>
    /// <param name="tokenizer">The base's tokenizer.</param>
    /// <param name="format">The base's sentinels.</param>
    /// <param name="repository">The repository's name.</param>
    /// <param name="training">What to learn from.</param>
    /// <param name="replay">Samples drawn from the base; may be empty.</param>
    /// <param name="mix">The shares.</param>
    /// <param name="rowLength">The most tokens of a sample.</param>
    public SampleMixer(
        Tokenizer tokenizer, FimFormat format, string repository, IReadOnlyList<TrainingDocument> training,
        IReadOnlyList<int[]> replay, DataMix mix, int rowLength)
    {
        (this.tokenizer, this.format, this.repository, this.replay, this.mix, this.rowLength) = (tokenizer, format, repository, replay, mix, rowLength);
        documents = [.. training];
        samplers = new FimSpanSampler[documents.Length];
        Parallel.For(0, documents.Length, i => samplers[i] = new FimSpanSampler(documents[i]));
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
        List<TrainingSample> samples = new(order.Count);
        foreach (int index in order)
        {
            double kind = random.NextDouble();
            if (replay.Count > 0 && (kind -= mix.Replay) < 0)
                samples.Add(new TrainingSample(replay[random.NextInt(replay.Count)], 1));
            if (kind >= 0 && (kind -= mix.LeftToRight) < 0)
                samples.Add(LeftToRight(documents[index], random));
            else if (Fim(index, random, withContext: kind >= 0 && kind < mix.Retrieval) is { } sample)
                samples.Add(sample);
        }

        return samples;
    }

    // Beyond a few screens more of a file teaches ever less: without this a table of data would drown the code around it.
    private static int EffectiveLength(int characters) =>
        characters <= FullLength ? characters : (int)(FullLength * Math.Sqrt((double)characters / FullLength));

    private TrainingSample LeftToRight(TrainingDocument document, RandomSequence random)
    {
        TextSpan window = Window(document, random);
        int[] header = format.FileSeparator is { } separator ? [separator, .. tokenizer.Encode(document.Path + "\n")] : [];
        int[] body = tokenizer.Encode(document.Text[window.Start..window.End]);
        int room = rowLength - header.Length - 1;
        int[] ids = body.Length <= room ? [.. header, .. body, format.EndOfText] : [.. header, .. body.AsSpan(0, room + 1)];
        return new TrainingSample(ids, Math.Max(1, header.Length));
    }

    private TrainingSample? Fim(int index, RandomSequence random, bool withContext)
    {
        TrainingDocument document = documents[index];
        if (samplers[index].Draw(random, mix.Syntactic) is not { } span)
            return null;
        int[] middle = tokenizer.Encode(document.Text[span.Start..span.End]);
        int longest = rowLength / 2;
        bool whole = middle.Length <= longest;
        if (!whole)
            middle = middle[..longest];
        int[] prompt = FimPrompt.Build(
            format, tokenizer, document.Path, document.Text[..span.Start], document.Text[span.End..], rowLength - middle.Length - 1, repository,
            withContext ? Neighbours(index, random) : null);
        return new TrainingSample(
            whole ? [.. prompt, .. middle, format.EndOfText] : [.. prompt, .. middle], FimPrompt.MiddleStart(format, prompt));
    }

    // A piece of a file close by: what an editor would find among the open and related ones.
    private List<ContextSnippet> Neighbours(int index, RandomSequence random)
    {
        int other = Math.Clamp(index + random.NextInt(9) - 4, 0, documents.Length - 1);
        if (other == index)
            return [];
        TrainingDocument document = documents[other];
        TextSpan window = Window(document, random);
        int end = Math.Min(window.End, window.Start + rowLength);
        if (end < document.Text.Length)
        {
            int line = document.Text.LastIndexOf('\n', end - 1) + 1;
            end = line > window.Start ? line : end;
        }

        return [new ContextSnippet(document.Path, document.Text[window.Start..end])];
    }

    private TextSpan Window(TrainingDocument document, RandomSequence random)
    {
        int characters = rowLength * 4;
        if (document.Text.Length <= characters)
            return new TextSpan(0, document.Text.Length);
        int start = random.NextInt(document.Text.Length - (characters / 2));
        start = SyntacticStart(document.Text, start);
        return new TextSpan(start, Math.Min(document.Text.Length, start + characters));
    }

    // The start of a line, or of a paragraph where one is near.
    private static int SyntacticStart(string text, int at)
    {
        int paragraph = text.IndexOf("\n\n", at, Math.Min(300, text.Length - at), StringComparison.Ordinal);
        if (paragraph >= 0 && paragraph + 2 < text.Length)
            return paragraph + 2;
        int line = text.IndexOf('\n', at);
        return line >= 0 && line + 1 < text.Length ? line + 1 : at;
    }
}
