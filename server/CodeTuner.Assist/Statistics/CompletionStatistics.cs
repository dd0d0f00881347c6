using System.Text.Json;
using CodeTuner.Models.Checkpoints;

namespace CodeTuner.Assist.Statistics;

/// <summary>
/// Counts completions for their user alone: shown, accepted, still there after a while, and how long they took. Kept in one file;
/// nothing leaves the machine, and no code is written down. Safe to use from several threads.
/// </summary>
public sealed class CompletionStatistics
{
    private const double MostOfIt = 2.0 / 3;
    private const int MostPending = 100;

    // After this long, what is written is looked at again.
    private static readonly int[] RetentionSeconds = [30, 120, 300, 600];

    private readonly Lock gate = new();
    private readonly string? path;
    private readonly TimeProvider time;
    private readonly CompletionCounts counts;
    private readonly List<Insertion> pending = [];

    /// <summary>Goes on from the counts in a folder; where their file is missing or damaged, from nothing.</summary>
    /// <param name="folder">The folder, or null to keep nothing.</param>
    /// <param name="time">The clock.</param>
    public CompletionStatistics(string? folder, TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        path = folder is null ? null : System.IO.Path.Combine(folder, "completion-statistics.json");
        counts = (path is null ? null : Read(path)) ?? new CompletionCounts { Since = this.time.GetUtcNow() };
        foreach (int seconds in RetentionSeconds.Where(s => !counts.Retention.Exists(r => r.Seconds == s)))
            counts.Retention.Add(new RetentionCount(seconds, 0, 0));
        counts.Retention = [.. counts.Retention.Where(r => RetentionSeconds.Contains(r.Seconds)).DistinctBy(r => r.Seconds).OrderBy(r => r.Seconds)];
    }

    /// <summary>The counts as they are now; a copy.</summary>
    public CompletionCounts Counts
    {
        get
        {
            lock (gate)
                return JsonSerializer.Deserialize(JsonSerializer.Serialize(counts, CompletionCountsJson.Default.CompletionCounts), CompletionCountsJson.Default.CompletionCounts)!;
        }
    }

    /// <summary>A model answered.</summary>
    public void Answered(TimeSpan latency)
    {
        lock (gate)
            counts.Latency.Add(latency);
    }

    /// <summary>A completion was shown.</summary>
    public void Shown(bool fromCache)
    {
        lock (gate)
        {
            counts.Shown++;
            counts.ShownFromCache += fromCache ? 1 : 0;
        }
    }

    /// <summary>A completion was accepted whole.</summary>
    /// <param name="document">The document's path.</param>
    /// <param name="text">The document with the completion.</param>
    /// <param name="offset">Where it starts there.</param>
    /// <param name="length">Its length; what was accepted of it in parts before is part of it.</param>
    /// <param name="charactersBefore">How much of it was counted before.</param>
    public void Accepted(string document, string text, int offset, int length, int charactersBefore = 0)
    {
        lock (gate)
        {
            counts.Accepted++;
            counts.PartiallyAccepted -= charactersBefore > 0 ? 1 : 0;
            counts.CharactersAccepted += Math.Max(0, length - charactersBefore);
            if (length == 0)
                return;
            pending.Add(new Insertion(document, text, offset, length, time.GetTimestamp()));
            if (pending.Count > MostPending)
                pending.RemoveAt(0);
        }
    }

    /// <summary>A part of a completion was accepted.</summary>
    /// <param name="characters">How much more.</param>
    /// <param name="isFirst">Whether it was the first part.</param>
    public void PartiallyAccepted(int characters, bool isFirst)
    {
        lock (gate)
        {
            counts.PartiallyAccepted += isFirst ? 1 : 0;
            counts.CharactersAccepted += Math.Max(0, characters);
        }
    }

    /// <summary>A completion could be read and was not accepted.</summary>
    public void Dismissed()
    {
        lock (gate)
            counts.Dismissed++;
    }

    /// <summary>Looks at the accepted texts that are due. To be called every few seconds.</summary>
    /// <param name="currentText">Gives a document's text by its path; null where it is not known: then it is not counted.</param>
    public void CheckRetention(Func<string, string?> currentText)
    {
        List<(Insertion Insertion, int Index)> due = [];
        lock (gate)
        {
            foreach (Insertion insertion in pending)
            {
                // A check that comes too late for one time counts for the next alone.
                double age = time.GetElapsedTime(insertion.At).TotalSeconds;
                int index = Array.FindLastIndex(RetentionSeconds, s => age >= s);
                if (index >= insertion.Next)
                {
                    due.Add((insertion, index));
                    insertion.Next = index + 1;
                }
            }

            pending.RemoveAll(i => i.Next == RetentionSeconds.Length);
        }

        foreach ((Insertion insertion, int index) in due)
        {
            if (currentText(insertion.Document) is not { } now)
                continue;
            bool kept = TextRetention.Share(insertion.Text, insertion.Offset, insertion.Length, now) >= MostOfIt;
            lock (gate)
            {
                RetentionCount count = counts.Retention[index];
                counts.Retention[index] = count with { Kept = count.Kept + (kept ? 1 : 0), Of = count.Of + 1 };
            }
        }
    }

    /// <summary>Writes the counts to their file.</summary>
    /// <exception cref="IOException">It cannot be written; the old one is untouched.</exception>
    public void Save()
    {
        if (path is null)
            return;
        string json;
        lock (gate)
            json = JsonSerializer.Serialize(counts, CompletionCountsJson.Default.CompletionCounts);
        AtomicFile.WriteText(path, json);
    }

    private static CompletionCounts? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CompletionCountsJson.Default.CompletionCounts) is { } read && read.IsSound() ? read : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private sealed record Insertion(string Document, string Text, int Offset, int Length, long At)
    {
        // The next of RetentionSeconds to look at.
        public int Next { get; set; }
    }
}
