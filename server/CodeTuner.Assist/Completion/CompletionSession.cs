using CodeTuner.Assist.Statistics;

namespace CodeTuner.Assist.Completion;

/// <summary>Writes at a place; the language server runs it where and when the model is free.</summary>
/// <param name="request">Where.</param>
/// <param name="cancellationToken">Stops it.</param>
public delegate Task<CompletionResult> CompletionSource(CompletionRequest request, CancellationToken cancellationToken);

/// <summary>
/// Inline completion as an editor asks for it: decides whether to ask, answers from the cache where it can, waits for a pause in
/// typing, asks a model, holds back what is hardly ever accepted, and counts what becomes of the answers. Safe to use from several
/// threads; a newer question does not cancel an older one by itself.
/// </summary>
/// <param name="source">Asks the model.</param>
/// <param name="threshold">What is worth showing.</param>
/// <param name="statistics">Where it is counted.</param>
/// <param name="time">The clock.</param>
/// <param name="leastDelay">The shortest pause in typing before a model is asked.</param>
public sealed class CompletionSession(
    CompletionSource source, ConfidenceThreshold threshold, CompletionStatistics statistics, TimeProvider? time = null, TimeSpan? leastDelay = null)
{
    private const int RememberedOffers = 16;

    // What stood for less was not read.
    private static readonly TimeSpan ReadingTime = TimeSpan.FromMilliseconds(300);

    private readonly Lock gate = new();
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly TypingRhythm rhythm = new(time ?? TimeProvider.System, leastDelay);
    private readonly CompletionCache cache = new();
    private readonly List<Offer> offers = [];
    private Offer? current;
    private long lastId;

    /// <summary>Answers a question of the editor.</summary>
    /// <param name="query">What the editor asks.</param>
    /// <param name="cancellationToken">Stops it; also while it waits.</param>
    /// <returns>What to show, or null for nothing.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<CompletionAnswer?> AskAsync(CompletionQuery query, CancellationToken cancellationToken = default)
    {
        if (!query.IsExplicit)
            rhythm.KeyTyped();
        (CompletionRequest request, int start, int end, string selected) = Effective(query);
        TriggerDecision decision = CompletionTrigger.Decide(request.Prefix, request.Suffix, query.IsExplicit, query.HasSelection);
        if (!decision.Asks())
            return Nothing(query);
        if (Cached(request, query.IsExplicit) is { } known)
            return Offered(query, known.Answer, known.Text, start, end, selected, fromCache: true);

        if (decision == TriggerDecision.AskAfterPause)
        {
            await Task.Delay(rhythm.Delay, time, cancellationToken).ConfigureAwait(false);

            // What was prefetched or asked before may have come in the meantime.
            if (Cached(request, again: false) is { } late)
                return Offered(query, late.Answer, late.Text, start, end, selected, fromCache: true);
        }

        long asked = time.GetTimestamp();
        CompletionResult result = await source(request, cancellationToken).ConfigureAwait(false);
        statistics.Answered(time.GetElapsedTime(asked));
        if (result.Text.Length > 0)
            threshold.Answered(result.LogProbability);
        CachedCompletion answer = Keep(request, result);
        return Offered(query, answer, result.Text, start, end, selected, fromCache: false);
    }

    /// <summary>Has an answer ready for a place where somebody will be soon.</summary>
    /// <param name="request">The place, as <see cref="Accepted"/> gave it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task PrefetchAsync(CompletionRequest request, CancellationToken cancellationToken = default)
    {
        if (Cached(request, again: false) is null)
            Keep(request, await source(request, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The editor shows an answer. An id that is not known any more is passed over.</summary>
    public void Shown(string id)
    {
        lock (gate)
        {
            if (Find(id) is not { ShownAt: null } offer)
                return;
            offer.ShownAt = time.GetTimestamp();
            statistics.Shown(offer.Answer.FromCache);
        }
    }

    /// <summary>The user accepted an answer whole.</summary>
    /// <param name="id">The answer's id; one that is not known any more is passed over.</param>
    /// <returns>Where the user will be next, to be prefetched; null where that is not known.</returns>
    public CompletionRequest? Accepted(string id)
    {
        lock (gate)
        {
            if (Find(id) is not { } offer)
                return null;
            Shown(id);
            Drop(offer);
            CompletionQuery query = offer.Query;
            CompletionAnswer answer = offer.Answer;
            string text = string.Concat(query.Text.AsSpan(0, answer.Start), answer.Text, query.Text.AsSpan(answer.End));
            statistics.Accepted(query.Path, text, answer.Start, answer.Text.Length, offer.PartCharacters);
            threshold.Learn(answer.LogProbability, accepted: true);
            return NextPlace.After(query.Path, text, answer.Start + answer.Text.Length, offer.Source.Result.IsWhole);
        }
    }

    /// <summary>The user accepted the beginning of an answer, as far as a word or a line.</summary>
    /// <param name="id">The answer's id.</param>
    /// <param name="characters">How much of it, from its start.</param>
    public void PartiallyAccepted(string id, int characters)
    {
        lock (gate)
        {
            if (Find(id) is not { } offer)
                return;
            Shown(id);
            characters = Math.Clamp(characters, 0, offer.Answer.Text.Length);
            if (characters <= offer.PartCharacters)
                return;
            statistics.PartiallyAccepted(characters - offer.PartCharacters, isFirst: offer.PartCharacters == 0);
            if (offer.PartCharacters == 0)
                threshold.Learn(offer.Answer.LogProbability, accepted: true);
            offer.PartCharacters = characters;
        }
    }

    /// <summary>The user sent an answer away.</summary>
    public void Dismissed(string id)
    {
        lock (gate)
        {
            if (Find(id) is { } offer)
                Close(offer);
        }
    }

    /// <summary>Another model serves, or the context changed: no old answer holds any more.</summary>
    public void Reset()
    {
        lock (gate)
            cache.Clear();
    }

    // With an item selected in the completion list, the document is taken as if that were in it already.
    private static (CompletionRequest Request, int Start, int End, string Selected) Effective(CompletionQuery query)
    {
        int offset = Math.Clamp(query.Offset, 0, query.Text.Length);
        (int start, int end, string text) = (offset, offset, "");
        if (query.Selected is { } selected && selected.Start >= 0 && selected.Start <= offset && selected.End >= offset && selected.End <= query.Text.Length)
            (start, end, text) = (selected.Start, selected.End, selected.Text);
        return (new CompletionRequest(query.Path, query.Text[..start] + text, query.Text[end..]), start, end, text);
    }

    private (CachedCompletion Answer, string Text)? Cached(CompletionRequest request, bool again)
    {
        lock (gate)
        {
            // Who asks by a key where there was nothing to say wants another try.
            return cache.Find(request) is { } found && !(again && found.Text.Length == 0) ? found : null;
        }
    }

    private CachedCompletion Keep(CompletionRequest request, CompletionResult result)
    {
        lock (gate)
            return cache.Add(request, result);
    }

    private CompletionAnswer? Nothing(CompletionQuery query)
    {
        lock (gate)
        {
            Replace(query, next: null);
            return null;
        }
    }

    private CompletionAnswer? Offered(
        CompletionQuery query, CachedCompletion answer, string text, int start, int end, string selected, bool fromCache)
    {
        double logProbability = answer.Result.LogProbability;
        if (text.Length == 0 || !(query.IsExplicit || threshold.Shows(logProbability)))
            return Nothing(query);
        lock (gate)
        {
            if (current?.Source == answer)
            {
                current.Query = query;
                current.Answer = new CompletionAnswer(current.Answer.Id, selected + text, start, end, logProbability, fromCache);
                return current.Answer;
            }

            string id = (++lastId).ToString(System.Globalization.CultureInfo.InvariantCulture);
            Offer offer = new(answer, query, new CompletionAnswer(id, selected + text, start, end, logProbability, fromCache));
            Replace(query, offer);
            return offer.Answer;
        }
    }

    private void Replace(CompletionQuery query, Offer? next)
    {
        if (current is not null && !IsTypedThrough(current, query))
            Close(current);
        current = next;
        if (next is null)
            return;
        offers.Add(next);
        if (offers.Count > RememberedOffers)
            offers.RemoveAt(0);
    }

    // Who types all that was offered did not turn it down.
    private static bool IsTypedThrough(Offer offer, CompletionQuery query)
    {
        CompletionAnswer answer = offer.Answer;
        int end = answer.Start + answer.Text.Length;
        return query.Path == offer.Query.Path && query.Text.Length >= end && query.Text.AsSpan(answer.Start).StartsWith(answer.Text, StringComparison.Ordinal);
    }

    private void Close(Offer offer)
    {
        if (offer is { ShownAt: { } shown, IsClosed: false, PartCharacters: 0 } && time.GetElapsedTime(shown) >= ReadingTime)
        {
            statistics.Dismissed();
            threshold.Learn(offer.Answer.LogProbability, accepted: false);
        }

        offer.IsClosed = true;
    }

    private void Drop(Offer offer)
    {
        offers.Remove(offer);
        if (current == offer)
            current = null;
    }

    private Offer? Find(string id) => offers.Find(o => o.Answer.Id == id);

    private sealed class Offer(CachedCompletion source, CompletionQuery query, CompletionAnswer answer)
    {
        public CachedCompletion Source => source;

        public CompletionQuery Query { get; set; } = query;

        public CompletionAnswer Answer { get; set; } = answer;

        public long? ShownAt { get; set; }

        public int PartCharacters { get; set; }

        public bool IsClosed { get; set; }
    }
}
