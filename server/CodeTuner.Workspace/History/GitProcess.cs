using System.Diagnostics;
using System.Text;

namespace CodeTuner.Workspace.History;

/// <summary>
/// A running git command. The repository's own settings must not make git run anything: hooks, the file-system monitor, signature
/// checks, external diffs, text conversions and every transport (a partial clone would fetch by one) are switched off, and git is
/// never let near the working tree's content, where filters would apply. A command that writes nothing for
/// <see cref="SilenceLimit"/> is ended, as it is on cancellation.
/// </summary>
internal sealed class GitProcess : IDisposable
{
    private static readonly string[] SafeSettings =
    [
        "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.quotePath=false", "core.pager=cat", "core.askPass=", "core.sshCommand=false",
        "diff.orderFile=/dev/null", "diff.ignoreSubmodules=all", "diff.relative=false", "log.showSignature=false", "log.showRoot=true",
        "log.follow=false", "protocol.allow=never", "safe.bareRepository=explicit", "submodule.recurse=false",
    ];

    private readonly Process process;
    private readonly string description;
    private readonly StringBuilder errors = new();
    private readonly Task readingErrors;
    private readonly CancellationTokenSource silence;
    private readonly CancellationTokenRegistration killing;
    private readonly CancellationToken cancellationToken;
    private readonly CancellationTokenSource linked;
    private bool abandoned;

    private GitProcess(Process process, string description, TimeSpan? silenceLimit, CancellationToken cancellationToken)
    {
        this.process = process;
        this.description = description;
        this.cancellationToken = cancellationToken;
        SilenceLimit = silenceLimit ?? TimeSpan.FromSeconds(60);
        silence = new CancellationTokenSource();
        linked = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        killing = linked.Token.Register(Kill);
        readingErrors = Task.Run(ReadErrors, CancellationToken.None);
    }

    /// <summary>How long the command may write nothing.</summary>
    public TimeSpan SilenceLimit { get; }

    /// <summary>What the command reads.</summary>
    public Stream Input => process.StandardInput.BaseStream;

    /// <summary>Starts a command. No shell stands in between.</summary>
    /// <param name="folder">The folder that git works in.</param>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <param name="silenceLimit">How long the command may write nothing; a minute where not given.</param>
    /// <exception cref="GitException">There is no git program, or it cannot be started.</exception>
    public static GitProcess Start(
        string folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken, TimeSpan? silenceLimit = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var program = GitProgram.Path ?? throw new GitException("There is no git program on this machine's PATH. Install git to use history.");
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        var settings = SafeSettings.SelectMany(s => (string[])["-c", s]);
        foreach (var argument in (string[])["--no-pager", "--no-optional-locks", .. settings, .. arguments])
            start.ArgumentList.Add(argument);

        // A hook or an editor that started this server may have left variables that point git elsewhere or run programs.
        foreach (var name in start.Environment.Keys.Where(IsUnwanted).ToList())
            start.Environment.Remove(name);
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_ALLOW_PROTOCOL"] = "none";
        start.Environment["GIT_PAGER"] = "cat";
        start.Environment["LC_ALL"] = "C";
        start.Environment["LANGUAGE"] = "C";
        var description = $"git {string.Join(' ', arguments.Take(2))} in {folder}";
        try
        {
            var process = Process.Start(start) ?? throw new GitException($"{description} did not start.");
            return new GitProcess(process, description, silenceLimit, cancellationToken);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            throw new GitException($"{description} could not be started: {e.Message}", e);
        }
    }

    /// <summary>Runs a short command to its end.</summary>
    public static (bool Succeeded, string Output, string Errors) Run(string folder, CancellationToken cancellationToken, params string[] arguments)
    {
        using var git = Start(folder, arguments, cancellationToken);
        git.process.StandardInput.Close();
        using var output = new MemoryStream();
        var buffer = new byte[16384];
        for (int read; (read = git.Read(buffer)) > 0;)
            output.Write(buffer, 0, read);
        var succeeded = git.WaitForEnd();
        return (succeeded, Encoding.UTF8.GetString(output.ToArray()), git.Errors);
    }

    private string Errors
    {
        get
        {
            lock (errors)
                return errors.ToString().Trim();
        }
    }

    /// <summary>Reads what the command writes; 0 at its end.</summary>
    /// <exception cref="GitException">The command was silent too long.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public int Read(Span<byte> buffer)
    {
        int read;
        silence.CancelAfter(SilenceLimit);
        try
        {
            read = process.StandardOutput.BaseStream.Read(buffer);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            read = 0;
        }

        // The clock runs only while we wait: a command that waits for our next request is not silent.
        silence.CancelAfter(Timeout.InfiniteTimeSpan);
        ThrowIfStopped();
        return read;
    }

    /// <summary>Waits until the command has ended and throws unless it succeeded.</summary>
    public void Finish()
    {
        if (!WaitForEnd())
            throw new GitException($"{description} failed: {(Errors.Length > 0 ? Errors : "no message")}");
    }

    /// <summary>Ends the command, whose remaining output is not wanted.</summary>
    public void Dispose()
    {
        abandoned = true;
        Kill();
        killing.Dispose();
        linked.Dispose();
        silence.Dispose();
        process.Dispose();
    }

    /// <summary>All of git's variables but those that say where the user's own settings and git's own programs are.</summary>
    private static bool IsUnwanted(string name) => name.StartsWith("GIT_", StringComparison.OrdinalIgnoreCase) &&
        name.ToUpperInvariant() is not ("GIT_CONFIG_GLOBAL" or "GIT_CONFIG_SYSTEM" or "GIT_CONFIG_NOSYSTEM" or "GIT_EXEC_PATH");

    /// <summary>Keeps the beginning of what git complains about and drops the rest, so that it never waits for us.</summary>
    private void ReadErrors()
    {
        try
        {
            while (process.StandardError.ReadLine() is { } line)
            {
                lock (errors)
                {
                    if (errors.Length < 4096)
                        errors.AppendLine(line);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The command was ended meanwhile.
        }
    }

    private bool WaitForEnd()
    {
        silence.CancelAfter(SilenceLimit);
        while (!process.WaitForExit(200))
            ThrowIfStopped();
        ThrowIfStopped();
        readingErrors.Wait(TimeSpan.FromSeconds(2), cancellationToken);
        return process.ExitCode == 0;
    }

    private void ThrowIfStopped()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (silence.IsCancellationRequested && !abandoned)
            throw new GitException($"{description} wrote nothing for {SilenceLimit.TotalSeconds:0} seconds and was ended.");
    }

    private void Kill()
    {
        try
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It ended by itself in between.
        }
    }
}
