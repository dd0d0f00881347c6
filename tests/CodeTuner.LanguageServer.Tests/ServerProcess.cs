using System.Diagnostics;
using System.IO.Pipelines;

namespace CodeTuner.LanguageServer.Tests;

/// <summary>The server as the editor meets it: a process with three streams.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process)
    {
        _process = process;
        Client = new TestClient(PipeReader.Create(process.StandardOutput.BaseStream), PipeWriter.Create(process.StandardInput.BaseStream));
    }

    public TestClient Client { get; }

    public static ServerProcess Start(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "codetuner-server.dll");
        ProcessStartInfo start = new("dotnet", [program, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        return new ServerProcess(Process.Start(start)!);
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public async Task<int> ExitCodeAsync()
    {
        using CancellationTokenSource time = new(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(time.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
