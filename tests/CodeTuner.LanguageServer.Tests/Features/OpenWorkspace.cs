using System.Text.Json;
using CodeTuner.Tests;

namespace CodeTuner.LanguageServer.Tests.Features;

/// <summary>A small workspace with a state folder of its own, open in an editor.</summary>
internal sealed class OpenWorkspace : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly bool _ownsFolder;

    private OpenWorkspace(TemporaryFolder folder, bool ownsFolder, TestClient client) => (_folder, _ownsFolder, Client) = (folder, ownsFolder, client);

    public TestClient Client { get; }

    public string Root => Path.Combine(_folder.Path, "code");

    public string State => Path.Combine(_folder.Path, "state");

    public string Uri => "file://" + Root;

    /// <summary>A workspace of a dozen small Python files, in a folder that another session may open too.</summary>
    public static TemporaryFolder CreateFolder(int files = 12)
    {
        TemporaryFolder folder = new();
        Directory.CreateDirectory(Path.Combine(folder.Path, "code"));
        for (int i = 0; i < files; i++)
            folder.File($"code/orders/part{i}.py", Module(i));
        return folder;
    }

    /// <summary>Opens the workspace.</summary>
    /// <param name="folder">A folder of <see cref="CreateFolder"/>; null makes one.</param>
    /// <param name="options">Members of the initializationOptions beside the state folder.</param>
    /// <param name="start">Starts the server; null starts one in this process.</param>
    public static async Task<OpenWorkspace> OpenAsync(TemporaryFolder? folder = null, string options = "", Func<TestClient>? start = null)
    {
        TestClient client = start?.Invoke() ?? TestClient.Start();
        OpenWorkspace workspace = new(folder ?? CreateFolder(), folder is null, client);
        string state = JsonSerializer.Serialize(workspace.State);
        await client.InitializeAsync(more:
            $$""","workspaceFolders":[{"uri":"{{workspace.Uri}}","name":"code"}],"initializationOptions":{"stateFolder":{{state}}{{options}}}""");
        await client.NotifyAsync("workspace/didChangeConfiguration", """{"settings":{"codetuner":{"tune":{"rowLength":64,"batchSize":1}}}}""");
        return workspace;
    }

    public string File(string name, string text) => _folder.File(Path.Combine("code", name), text);

    public string UriOf(string name) => $"{Uri}/{name}";

    public async Task<string> OpenDocumentAsync(string name, string text, string languageId = "python", int version = 1)
    {
        string uri = UriOf(name);
        string document = $$"""{"uri":"{{uri}}","languageId":"{{languageId}}","version":{{version}},"text":{{JsonSerializer.Serialize(text)}} }""";
        await Client.NotifyAsync("textDocument/didOpen", $$"""{"textDocument":{{document}} }""");
        return uri;
    }

    /// <summary>Waits until the status is as wanted.</summary>
    public Task<JsonElement> StatusAsync(Func<JsonElement, bool> fits) => Client.WaitForAsync("codetuner/didChangeStatus", fits);

    /// <summary>Tunes for a few seconds and gives the last status.</summary>
    public async Task<JsonElement> TuneAsync(string parameters = """{"minutes":0.03}""")
    {
        await Client.CallAsync("codetuner/tune", parameters);
        return await StatusAsync(s => s.TryGetProperty("last", out _));
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (_ownsFolder)
            _folder.Dispose();
    }

    private static string Module(int i) => string.Concat(Enumerable.Range(0, 6).Select(k =>
        $"def order_{i}_{k}(customer_{k}, amount_{i}):\n    \"\"\"Books order {i * k}.\"\"\"\n    total = amount_{i} * {(i * 7) + k} + customer_{k}.discount\n    return total - {k * 13}\n\n"));
}
