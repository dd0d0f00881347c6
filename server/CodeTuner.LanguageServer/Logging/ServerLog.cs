using System.Globalization;

namespace CodeTuner.LanguageServer.Logging;

/// <summary>How much is logged.</summary>
internal enum LogLevel
{
    /// <summary>What the server went through: methods, times, kinds of error. No code, prompt or path.</summary>
    Info,

    /// <summary>Also what may hold a piece of the user's code or a path.</summary>
    Debug,
}

/// <summary>
/// The log file, written only where the user asked for one. At <see cref="LogLevel.Info"/> it holds nothing of the user's:
/// an exception is named by its type, as its message may quote a path.
/// </summary>
internal sealed class ServerLog : IDisposable
{
    /// <summary>Writes nowhere.</summary>
    public static readonly ServerLog None = new(null, LogLevel.Info);

    private readonly TextWriter? _writer;
    private readonly LogLevel _level;
    private readonly Lock _lock = new();

    /// <param name="writer">Where lines go, or null for nowhere.</param>
    /// <param name="level">How much.</param>
    public ServerLog(TextWriter? writer, LogLevel level)
    {
        _writer = writer;
        _level = level;
    }

    /// <summary>A log that is added to the end of a file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static ServerLog ToFile(string path, LogLevel level)
    {
        var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        return new ServerLog(new StreamWriter(stream) { AutoFlush = true }, level);
    }

    public void Info(string message) => Write("info", message);

    public void Warning(string message) => Write("warning", message);

    /// <summary>Written only at <see cref="LogLevel.Debug"/>.</summary>
    public void Debug(string message)
    {
        if (_level == LogLevel.Debug)
            Write("debug", message);
    }

    /// <summary>The type of an exception, and all of it at <see cref="LogLevel.Debug"/>.</summary>
    public void Error(string message, Exception exception) =>
        Write("error", $"{message} {(_level == LogLevel.Debug ? exception : exception.GetType().FullName)}");

    public void Dispose() => _writer?.Dispose();

    private void Write(string level, string message)
    {
        if (_writer is null)
            return;
        string time = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        lock (_lock)
            _writer.WriteLine($"{time} {level} {message}");
    }
}
