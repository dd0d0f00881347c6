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

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static ServerProcess Start(params string[] arguments) => Start([], arguments);

    /// <summary>Starts it with more in its environment.</summary>
    public static ServerProcess StartWith(Dictionary<string, string> variables) => Start(variables, []);

    private static ServerProcess Start(Dictionary<string, string> variables, string[] arguments)
    {
        string server = typeof(LspServer).Assembly.Location;
        ProcessStartInfo start = new("dotnet", [server, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return new ServerProcess(Process.Start(start)!);
    }

    public void CloseInput() => _process.StandardInput.Close();

    public Task<string> ErrorsAsync() => _process.StandardError.ReadToEndAsync();

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TestClient.Patience);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
