using System.CommandLine;
using CodeTuner.LanguageServer.Logging;

namespace CodeTuner.LanguageServer.Lifecycle;

/// <summary>The command line of <c>codetuner-server</c>.</summary>
/// <param name="LogFile">Where to log, or null.</param>
/// <param name="LogLevel">How much.</param>
/// <param name="ClientProcessId">The editor's process, where the client names it on the command line too; or null.</param>
internal sealed record ServerArguments(FileInfo? LogFile, LogLevel LogLevel, int? ClientProcessId)
{
    /// <summary>Runs the server as the command line says, or prints help, the version, or what is wrong with it.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> InvokeAsync(string[] args, Func<ServerArguments, Task<int>> serve)
    {
        var log = new Option<FileInfo?>("--log")
        {
            Description = "Add a log to this file. Without it nothing is logged.",
            HelpName = "file",
        };
        var level = new Option<LogLevel>("--log-level") { Description = "info: nothing of your code or paths; debug: may hold both." };
        // Editors pass these two; the server has no other transport, and learns the process id again from initialize.
        var stdio = new Option<bool>("--stdio") { Description = "Speak over standard input and output, as the server always does." };
        var client = new Option<int?>("--clientProcessId") { Description = "Exit when this process is gone.", HelpName = "pid" };

        const string Description = "CodeTuner's language server. An editor starts it and speaks LSP 3.18 to it.";
        var root = new RootCommand(Description) { log, level, stdio, client };
        root.SetAction(result => serve(new(result.GetValue(log), result.GetValue(level), result.GetValue(client))));
        return root.Parse(args).InvokeAsync();
    }
}
