using System.CommandLine;

namespace CodeTuner.Serving;

/// <summary>Which server is measured.</summary>
internal static class ServerOption
{
    public static Option<string[]> Paths { get; } = new("--server")
    {
        Description = "The server: codetuner-server, or codetuner-server.dll for dotnet to run; several run in turn.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [Path.Combine(SampleWorkspace.Root, "server/CodeTuner.LanguageServer/bin/Release/net10.0/codetuner-server.dll")],
    };
}
