namespace CodeTuner.Tuning.Devices;

/// <summary>
/// One tune at a time on a graphics card, over all processes: two would halve each other's speed, and the second would take the
/// memory that the first asks for later. The system lets go of it when its process dies.
/// </summary>
public sealed class CardQueue : IDisposable
{
    private readonly FileStream? file;
    private readonly string? holder;

    private CardQueue(FileStream? file, string? holder) => (this.file, this.holder) = (file, holder);

    /// <summary>Waits until no other process tunes on the card.</summary>
    /// <param name="stateFolder">Where state is kept; processes with another one are not known. One that cannot be written holds nobody up.</param>
    /// <param name="card">The card's name, for people.</param>
    /// <param name="workspace">What will be tuned.</param>
    /// <param name="waits">Told once, where it has to wait, who uses the card.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="interval">How often it looks; null is a second.</param>
    /// <exception cref="OperationCanceledException">Cancelled while it waited.</exception>
    public static CardQueue Wait(string stateFolder, string card, string workspace, Action<string> waits, CancellationToken cancellationToken, TimeSpan? interval = null)
    {
        string name = string.Concat(card.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        string path = Path.Combine(stateFolder, "cards", name + ".lock"), who = Path.ChangeExtension(path, ".txt");
        for (bool first = true; ; first = false)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                TryWrite(who, $"the tune of {workspace} (process {Environment.ProcessId})");
                return new CardQueue(file, who);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (first)
                    waits($"{card} is used by {Holder(who)}.");
                cancellationToken.WaitHandle.WaitOne(interval ?? TimeSpan.FromSeconds(1));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new CardQueue(null, null);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (file is null)
            return;
        try
        {
            File.Delete(holder!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next one writes its own.
        }

        file.Dispose();
    }

    private static void TryWrite(string path, string text)
    {
        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Who waits is told less.
        }
    }

    private static string Holder(string path)
    {
        try
        {
            return File.ReadAllText(path) is { Length: > 0 } holder ? holder : "another tune";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another tune";
        }
    }
}
