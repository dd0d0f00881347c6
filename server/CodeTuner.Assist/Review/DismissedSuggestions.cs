using System.Text.Json;
using System.Text.Json.Serialization;
using CodeTuner.Models.Checkpoints;

namespace CodeTuner.Assist.Review;

/// <summary>
/// Remembers which suggestions the user has dismissed, by their fingerprints, in <c>dismissed-suggestions.json</c> of a state folder.
/// The file holds no code and no path. May be used from several threads.
/// </summary>
public sealed partial class DismissedSuggestions
{
    private const string FileName = "dismissed-suggestions.json";
    private const int Version = 1;

    // Beyond this many the oldest are forgotten.
    private const int Most = 10_000;

    private readonly Lock gate = new();
    private readonly string file;
    private readonly List<string> order = [];
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private string? problem;

    // Why the file may not be written: it holds dismissals that were not read.
    private string? unread;

    /// <summary>Reads what was dismissed before. A file that cannot be read is set aside, and <see cref="TakeProblem"/> says so.</summary>
    /// <param name="folder">The workspace's state folder; made when something is dismissed.</param>
    public DismissedSuggestions(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        file = Path.Combine(folder, FileName);
        Load();
        problem ??= unread;
    }

    /// <summary>What went wrong with the file, for the user; null where nothing did, and after it was taken once.</summary>
    public string? TakeProblem()
    {
        lock (gate)
        {
            string? taken = problem;
            problem = null;
            return taken;
        }
    }

    /// <summary>Whether a suggestion was dismissed.</summary>
    /// <param name="fingerprint">Its <see cref="ReviewSuggestion.Fingerprint"/>.</param>
    public bool Contains(string fingerprint)
    {
        lock (gate)
            return known.Contains(fingerprint);
    }

    /// <summary>Remembers a dismissal, at once on the disk.</summary>
    /// <param name="fingerprint">The suggestion's <see cref="ReviewSuggestion.Fingerprint"/>.</param>
    /// <exception cref="IOException">The file could not be written, or not be read before; the dismissal holds until the server ends.</exception>
    public void Add(string fingerprint)
    {
        ArgumentException.ThrowIfNullOrEmpty(fingerprint);
        lock (gate)
        {
            if (unread is not null)
                Load();
            if (!Remember(fingerprint))
                return;
            if (unread is not null)
                throw new IOException(unread);
            for (; order.Count > Most; order.RemoveAt(0))
                known.Remove(order[0]);
            AtomicFile.WriteText(file, JsonSerializer.Serialize(new Content(Version, order), ContentJson.Default.Content) + "\n");
        }
    }

    private bool Remember(string fingerprint)
    {
        if (!known.Add(fingerprint))
            return false;
        order.Add(fingerprint);
        return true;
    }

    private void Load()
    {
        unread = null;
        try
        {
            foreach (string fingerprint in File.Exists(file) ? Read() : [])
                Remember(fingerprint);
        }
        catch (JsonException e)
        {
            SetAside(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            unread = $"{file} could not be read: {e.Message} Give this user the right to read it; until then dismissed suggestions may come back.";
        }
    }

    private List<string> Read()
    {
        Content? content = JsonSerializer.Deserialize(File.ReadAllBytes(file), ContentJson.Default.Content);
        if (content?.Fingerprints is null || content.Fingerprints.Any(string.IsNullOrEmpty))
            throw new JsonException("it has no list of fingerprints");
        if (content.Version != Version)
            throw new JsonException($"it has version {content.Version}, and this program reads version {Version}");
        return content.Fingerprints;
    }

    private void SetAside(string cause)
    {
        string aside = file;
        for (int i = 1; File.Exists(aside); i++)
            aside = Path.Combine(Path.GetDirectoryName(file)!, $"dismissed-suggestions.damaged-{i}.json");
        try
        {
            File.Move(file, aside);
            problem = $"{file} is damaged ({cause.TrimEnd('.')}). It was kept as {Path.GetFileName(aside)}, and a new list begins; "
                + "dismissed suggestions may come back.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            unread = $"{file} is damaged ({cause.TrimEnd('.')}) and could not be set aside: {e.Message} Move it away; "
                + "until then no dismissal is kept.";
        }
    }

    private sealed record Content(int Version, List<string> Fingerprints);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Content))]
    private sealed partial class ContentJson : JsonSerializerContext;
}
