using System.CommandLine;
using System.Runtime.InteropServices;
using CodeTuner.Cli.Output;
using CodeTuner.Models;
using CodeTuner.Tuning;
using CodeTuner.Tuning.Devices;
using CodeTuner.Workspace;

namespace CodeTuner.Cli;

/// <summary>Runs a command: usage errors, Ctrl-C and the errors that a user can do something about.</summary>
internal static class CommandRunner
{
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        ParseResult result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors)
                await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync("\"codetuner --help\" shows how it is used.");
            return ExitCode.Usage;
        }

        using CancellationTokenSource stop = new();

        // The first signal asks for an orderly end, the second takes effect at once.
        void Ask(PosixSignalContext context)
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        try
        {
            return await result.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (UsageException e)
        {
            return Fail(result, e.Message, ExitCode.Usage);
        }
        catch (Exception e) when (CardFailure.Is(e))
        {
            return Fail(result, $"{e.Message} {CardSession.WhatNext(e)}", ExitCode.Failed);
        }
        catch (Exception e) when (e is TuningException or ModelFormatException or WorkspaceException or IOException or UnauthorizedAccessException)
        {
            return Fail(result, e.Message, ExitCode.Failed);
        }
    }

    /// <summary>Says what went wrong, as the options want it.</summary>
    public static int Fail(ParseResult result, string message, int code)
    {
        if (result.GetValue(CommonOptions.Json))
            JsonOutput.Write(new { error = message });
        Console.Error.WriteLine(message);
        return code;
    }
}
