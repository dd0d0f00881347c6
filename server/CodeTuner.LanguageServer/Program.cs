using System.IO.Pipelines;
using CodeTuner.LanguageServer;
using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.LanguageServer.Logging;
using CodeTuner.LanguageServer.Serving;
using CodeTuner.Tuning.Devices;

if (args is [CardProbe.Argument, { } wanted])
    return CardProbe.Run(wanted);

return await ServerArguments.InvokeAsync(args, async arguments =>
{
    try
    {
        using BackgroundCollector collector = BackgroundCollector.Process.Start();
        using ServerLog log = arguments.LogFile is { } file ? ServerLog.ToFile(file.FullName, arguments.LogLevel) : ServerLog.None;
        Stream input = Console.OpenStandardInput();
        Stream output = Console.OpenStandardOutput();
        // Standard output is the protocol's alone: a stray Console.Write must not break it.
        Console.SetOut(Console.Error);

        var server = new LspServer(PipeReader.Create(input, new(bufferSize: 64 * 1024)), PipeWriter.Create(output), log);
        ServerFeatures.AddTo(server);
        if (arguments.ClientProcessId is { } processId)
            server.WatchParent(processId);
        return await server.RunAsync();
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync($"codetuner-server: {e.Message}");
        return 1;
    }
});
