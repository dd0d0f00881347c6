using CodeTuner.Models.Generation;

namespace CodeTuner.Assist.Completion;

/// <summary>
/// Where the gap of a file's prompts begins, and what they show of other files: both stay as they are while somebody writes on, so
/// that a prompt grows at its end alone and a model's KV cache stays good. The gap begins some lines above the cursor, which a model
/// goes on from more surely than from a sentinel (docs/benchmarks.md, "Serving"). Safe to use from several threads.
/// </summary>
public sealed class PromptAnchors
{
    private const int Files = 4;

    // How far from where it was looked for other files' code still fits.
    private const int ContextCharacters = 1500;

    private readonly Lock gate = new();
    private readonly LinkedList<Anchor> anchors = new();

    /// <summary>Where a prompt's gap begins in the text before the cursor, and what to show of other files.</summary>
    /// <param name="request">Where a model is to write.</param>
    /// <param name="version">Another number where other files have changed.</param>
    /// <param name="find">Looks for other files' code.</param>
    public (int Gap, IReadOnlyList<ContextSnippet>? Context) For(
        CompletionRequest request, long version, Func<IReadOnlyList<ContextSnippet>?> find)
    {
        lock (gate)
        {
            LinkedListNode<Anchor>? node = anchors.First;
            while (node is not null && node.Value.Path != request.Path)
                node = node.Next;
            Anchor? old = node?.Value;
            if (node is not null)
                anchors.Remove(node);
            Anchor anchor = old is not null && old.Version == version && Holds(old, request) ? old : Make(old, request, version, find);
            anchors.AddFirst(anchor);
            if (anchors.Count > Files)
                anchors.RemoveLast();
            return (anchor.Before.Length, anchor.Context);
        }
    }

    private static bool Holds(Anchor anchor, CompletionRequest request)
    {
        int written = request.Prefix.Length - anchor.Before.Length;
        return written is >= 0 and <= GapStart.MostCharacters && request.Suffix == anchor.Suffix &&
            request.Prefix.StartsWith(anchor.Before, StringComparison.Ordinal) && request.Prefix.AsSpan(anchor.Before.Length).Count('\n') <= GapStart.MostLines;
    }

    private static Anchor Make(Anchor? old, CompletionRequest request, long version, Func<IReadOnlyList<ContextSnippet>?> find)
    {
        string before = request.Prefix[..GapStart.Above(request.Prefix)];
        bool isNear = old is not null && old.Version == version && Math.Abs(old.FoundAt - before.Length) <= ContextCharacters;
        return isNear
            ? old! with { Before = before, Suffix = request.Suffix }
            : new Anchor(request.Path, before, request.Suffix, find(), before.Length, version);
    }

    private sealed record Anchor(string Path, string Before, string Suffix, IReadOnlyList<ContextSnippet>? Context, int FoundAt, long Version);
}
