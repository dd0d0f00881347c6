using CodeTuner.Assist.Completion;
using CodeTuner.Assist.Statistics;
using CodeTuner.LanguageServer.Documents;
using CodeTuner.LanguageServer.Logging;
using CodeTuner.LanguageServer.Workspaces;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.LanguageServer.Features.InlineCompletion;

/// <summary>What is kept of completions over sessions: which are worth showing, and how many were shown and accepted.</summary>
internal sealed class CompletionMemory : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Func<string?> _stateFolder;
    private readonly ServerLog _log;
    private readonly Lazy<(ConfidenceThreshold Threshold, CompletionStatistics Statistics)> _kept;
    private readonly Timer _timer;
    private Func<string, string?> _currentText = _ => null;
    private volatile bool _changed;

    /// <param name="stateFolder">Where it is kept; null is the user's data folder. Asked once, when it is first needed.</param>
    /// <param name="log">Where to say that it could not be written.</param>
    public CompletionMemory(Func<string?> stateFolder, ServerLog log)
    {
        (_stateFolder, _log) = (stateFolder, log);
        _kept = new(() => (ConfidenceThreshold.Load(ThresholdPath), new CompletionStatistics(Folder)));
        _timer = new Timer(_ => Look(), null, Interval, Interval);
    }

    /// <summary>Below which confidence nothing is shown.</summary>
    public ConfidenceThreshold Threshold => _kept.Value.Threshold;

    /// <summary>The counts.</summary>
    public CompletionStatistics Statistics => _kept.Value.Statistics;

    private string Folder => _stateFolder() ?? RunStore.DefaultState();

    private string ThresholdPath => Path.Combine(Folder, "completion-threshold.json");

    /// <summary>Looks at open documents to see what stayed of what was accepted.</summary>
    public void Follow(OpenDocuments documents, FolderSessions sessions) => _currentText = path =>
        documents.All.FirstOrDefault(d => sessions.Place(d.Uri).Path == path)?.Text.ToString();

    /// <summary>Something is worth being kept.</summary>
    public void SaveSoon() => _changed = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        if (_changed)
            Save();
    }

    private void Look()
    {
        if (!_kept.IsValueCreated)
            return;
        Statistics.CheckRetention(_currentText);
        if (!_changed)
            return;
        _changed = false;
        Save();
    }

    private void Save()
    {
        try
        {
            Directory.CreateDirectory(Folder);
            Statistics.Save();
            Threshold.Save(ThresholdPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Warning("The counts of completions could not be written; they are kept in memory.");
            _log.Debug(e.Message);
            _changed = true;
        }
    }
}
