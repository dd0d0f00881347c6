namespace CodeTuner.Tuning.Devices;

/// <summary>
/// Says in a file that this process computes on a graphics card. A driver that fails can end the process at once; the file
/// stays then, and the next process knows not to try that card again straight away.
/// </summary>
public sealed class CardMark : IDisposable
{
    private const string Extension = ".mark";
    private readonly FileStream? file;
    private readonly Lock gate = new();
    private int working;

    private CardMark(FileStream? file) => this.file = file;

    /// <summary>A mark of this process. Where the state folder cannot be written there is none, and nothing else changes.</summary>
    /// <param name="stateFolder">Where state is kept.</param>
    public static CardMark Create(string stateFolder)
    {
        try
        {
            string folder = Directory.CreateDirectory(FolderIn(stateFolder)).FullName;
            // Held as long as the process lives, so that nobody takes it for one that was left.
            return new CardMark(new FileStream(Path.Combine(folder, Guid.NewGuid().ToString("N") + Extension), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new CardMark(null);
        }
    }

    /// <summary>What a process that died was computing on, if one did; said once.</summary>
    /// <param name="stateFolder">Where state is kept.</param>
    /// <returns>The card's name, or null.</returns>
    public static string? TakeLeft(string stateFolder)
    {
        string folder = FolderIn(stateFolder);
        if (!Directory.Exists(folder))
            return null;
        string? left = null;
        foreach (string path in Directory.EnumerateFiles(folder, "*" + Extension))
        {
            try
            {
                using (FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    string card = new StreamReader(file).ReadToEnd();
                    left = card.Length > 0 ? card : left;
                }

                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its process lives, or another has just taken it.
            }
        }

        return left;
    }

    /// <summary>The card computes from here until the result is disposed.</summary>
    /// <param name="card">Its name, for people.</param>
    public IDisposable Work(string card)
    {
        lock (gate)
        {
            if (working++ == 0)
                Set(card);
        }

        return new Working(this);
    }

    /// <summary>Whatever ends this process from now on is not the card's fault.</summary>
    public void Clear()
    {
        lock (gate)
            Set("");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (file is null)
            return;
        file.Dispose();
        try
        {
            File.Delete(file.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An empty mark means nothing.
        }
    }

    private static string FolderIn(string stateFolder) => Path.Combine(stateFolder, "cards");

    private void Set(string card)
    {
        try
        {
            file?.SetLength(0);
            file?.Write(System.Text.Encoding.UTF8.GetBytes(card));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // On a full disk it cannot be said.
        }
    }

    private sealed class Working(CardMark mark) : IDisposable
    {
        private bool isDone;

        public void Dispose()
        {
            lock (mark.gate)
            {
                if (isDone)
                    return;
                isDone = true;
                if (--mark.working == 0)
                    mark.Set("");
            }
        }
    }
}
