using System.Diagnostics;
using System.Text;

namespace CodeTuner.Cli.Tests;

/// <summary>Runs the real command line as a process.</summary>
internal static class Cli
{
    public static (int Code, string Output, string Errors) Run(params string[] arguments) => RunWith("", arguments);

    public static (int Code, string Output, string Errors) RunWith(string input, params string[] arguments) => Finish(Start(arguments), input);

    /// <summary>Runs it by another program, such as one that takes rights away: <paramref name="through"/>, then the command line.</summary>
    public static (int Code, string Output, string Errors) RunThrough(string[] through, params string[] arguments) => Finish(Start(through, arguments), "");

    public static Process Start(params string[] arguments) => Start([], arguments);

    /// <summary>Sends a signal such as <c>INT</c> or <c>KILL</c>.</summary>
    public static void Signal(Process process, string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static (int Code, string Output, string Errors) Finish(Process started, string input)
    {
        using Process process = started;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(240_000), "the command did not end");
        return (process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Starts it by another program.</summary>
    public static Process StartThrough(string[] through, params string[] arguments) => Start(through, arguments);

    private static Process Start(string[] through, string[] arguments)
    {
        string[] command = [.. through, "dotnet", Path.Combine(AppContext.BaseDirectory, "codetuner.dll"), .. arguments];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8,
        };
        return Process.Start(start)!;
    }
}
