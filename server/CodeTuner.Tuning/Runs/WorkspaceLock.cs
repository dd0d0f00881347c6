namespace CodeTuner.Tuning.Runs;

/// <summary>Held while a workspace is tuned; the system lets go of it when its process dies, however that happens.</summary>
public sealed class WorkspaceLock : IDisposable
{
    private readonly FileStream file;

    private WorkspaceLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock of a state folder.</summary>
    /// <exception cref="TuningException">Another process is tuning the workspace.</exception>
    public static WorkspaceLock Take(string stateFolder, string root)
    {
        try
        {
            Directory.CreateDirectory(stateFolder);
            return new WorkspaceLock(new FileStream(Path.Combine(stateFolder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new TuningException($"The state folder {stateFolder} cannot be written. Check its rights, or name another with --state.", e);
        }
        catch (IOException e) when (File.Exists(Path.Combine(stateFolder, "lock")))
        {
            throw new TuningException($"{root} is being tuned by another process. Wait for it, or stop it first.", e);
        }
    }

    /// <summary>Whether a process holds the lock now.</summary>
    public static bool IsTaken(string stateFolder)
    {
        if (!File.Exists(Path.Combine(stateFolder, "lock")))
            return false;
        try
        {
            Take(stateFolder, stateFolder).Dispose();
            return false;
        }
        catch (TuningException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
