using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CodeTuner.Tuning.Json;

namespace CodeTuner.Tuning.Runs;

/// <summary>The runs of a workspace, in the user's data folder under the workspace's hash: nothing is written into the workspace.</summary>
public sealed class RunStore
{
    /// <summary>The environment variable that names the state folder.</summary>
    public const string StateVariable = "CODETUNER_STATE";

    private volatile PromotedAsRead? _promoted;

    /// <summary>The runs of a workspace.</summary>
    /// <param name="root">The workspace's folder.</param>
    /// <param name="state">The state folder; null takes the environment's or the user's data folder.</param>
    public RunStore(string root, string? state = null)
    {
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..16];
        Folder = Path.Combine(state ?? DefaultState(), "workspaces", hash);
    }

    /// <summary>The workspace's folder.</summary>
    public string Root { get; }

    /// <summary>Where its state lies.</summary>
    public string Folder { get; }

    /// <summary>Which run serves the workspace. It is asked for several times a second, and so read again only where the file changed.</summary>
    public PromotedRun Promoted
    {
        get
        {
            DateTime changed = PromotedChanged;
            PromotedAsRead? known = _promoted;
            if (known?.Changed != changed)
                _promoted = known = new(changed, TuningJson.Read(PromotedPath, TuningJson.Default.PromotedRun) ?? new PromotedRun(null, null, false));
            return known.Promoted;
        }

        private set
        {
            TuningJson.Write(PromotedPath, value, TuningJson.Default.PromotedRun);
            _promoted = null; // a clock may tick too coarsely to show it
        }
    }

    /// <summary>When <see cref="Promoted"/> last changed, in UTC, perhaps by another process; a fixed time in the past where nothing was promoted yet.</summary>
    public DateTime PromotedChanged => File.GetLastWriteTimeUtc(PromotedPath);

    private string PromotedPath => Path.Combine(Folder, "promoted.json");

    private string RunsFolder => Path.Combine(Folder, "runs");

    /// <summary>The state folder where none is named.</summary>
    public static string DefaultState() =>
        Environment.GetEnvironmentVariable(StateVariable) is { Length: > 0 } named
            ? Path.GetFullPath(named)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "codetuner");

    /// <summary>All runs, newest first.</summary>
    public IReadOnlyList<RunFolder> Runs => Directory.Exists(RunsFolder)
        ? [.. Directory.EnumerateDirectories(RunsFolder).Where(d => File.Exists(Path.Combine(d, "run.json"))).OrderDescending(StringComparer.Ordinal).Select(d => new RunFolder(d))]
        : [];

    /// <summary>The newest run that was not finished and can go on; null where there is none. A run whose account is damaged cannot.</summary>
    public RunFolder? Unfinished => Runs.FirstOrDefault(IsUnfinished);

    /// <summary>A new run's folder.</summary>
    public RunFolder Create()
    {
        TuningJson.Write(Path.Combine(Folder, "workspace.json"), new WorkspaceRecord(Root), TuningJson.Default.WorkspaceRecord);
        string stamp = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture), id = stamp;
        for (int n = 2; Directory.Exists(Path.Combine(RunsFolder, id)); n++)
            id = string.Create(CultureInfo.InvariantCulture, $"{stamp}-{n}");
        RunFolder run = new(Directory.CreateDirectory(Path.Combine(RunsFolder, id)).FullName);
        run.Info = new RunInfo { Id = id, Started = DateTimeOffset.UtcNow };
        return run;
    }

    /// <summary>A run by its name.</summary>
    /// <exception cref="TuningException">There is none of this name.</exception>
    public RunFolder Get(string id)
    {
        RunFolder? run = Runs.FirstOrDefault(r => r.Id == id);
        return run ?? throw new TuningException($"There is no run {id} of {Root}. \"codetuner runs list\" shows those there are.");
    }

    /// <summary>Makes a run the one that serves; the one in use can be gone back to.</summary>
    /// <exception cref="TuningException">The run has no tuned model.</exception>
    public void Promote(string id)
    {
        RunFolder run = Get(id);
        if (!Directory.Exists(run.Model))
            throw new TuningException($"The run {id} has no tuned model yet ({run.Info.Status.ToString().ToLowerInvariant()}). Finish it with \"codetuner tune --resume\".");
        PromotedRun current = Promoted;
        if (current.Run != id)
            Promoted = new PromotedRun(id, current.Run, true);
        DropOldModels();
    }

    /// <summary>Goes back to what served before the last promotion.</summary>
    /// <returns>The run now in use; null for the base.</returns>
    /// <exception cref="TuningException">There is nothing to go back to.</exception>
    public string? Rollback()
    {
        PromotedRun current = Promoted;
        if (!current.HasPrevious)
            throw new TuningException($"There is no earlier checkpoint of {Root} to go back to.");
        Promoted = new PromotedRun(current.Previous, null, false);
        return current.Previous;
    }

    /// <summary>Deletes a run's folder.</summary>
    /// <exception cref="TuningException">It is in use, or could be gone back to.</exception>
    public void Delete(string id)
    {
        RunFolder run = Get(id);
        PromotedRun current = Promoted;
        if (current.Run == id)
            throw new TuningException($"The run {id} is in use. Roll back or promote another first.");
        using WorkspaceLock held = WorkspaceLock.Take(Folder, Root);
        if (current.Previous == id)
            Promoted = current with { Previous = null };
        Directory.Delete(run.Path, recursive: true);
    }

    private static bool IsUnfinished(RunFolder run)
    {
        try
        {
            return run.Info.Status != RunStatus.Done && run.CanResume;
        }
        catch (TuningException)
        {
            return false;
        }
    }

    // One previous checkpoint is kept; models of older promoted runs are let go, their records stay.
    private void DropOldModels()
    {
        PromotedRun current = Promoted;
        foreach (RunFolder run in Runs.Where(r => r.Id != current.Run && r.Id != current.Previous && r.Info.Verdict?.Promote == true))
        {
            if (Directory.Exists(run.Model))
                Directory.Delete(run.Model, recursive: true);
            if (Directory.Exists(run.Checkpoints))
                Directory.Delete(run.Checkpoints, recursive: true);
        }
    }

    private sealed record PromotedAsRead(DateTime Changed, PromotedRun Promoted);
}
