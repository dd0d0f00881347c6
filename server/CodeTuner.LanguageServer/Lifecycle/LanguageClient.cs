using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CodeTuner.LanguageServer.Logging;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Lifecycle;

/// <summary>The client as the server's features see it: what it can do, and what may be asked of it.</summary>
internal sealed class LanguageClient(JsonRpcConnection connection, ServerLog log)
{
    private int _lastRegistration;

    /// <summary>What the client can do; set by <c>initialize</c>.</summary>
    public ClientCapabilities Capabilities { get; set; } = new();

    /// <summary>For the methods of <see cref="ClientMethods"/> that need no more than being sent.</summary>
    public JsonRpcConnection Connection { get; } = connection;

    /// <summary>Offers a method while the server runs. Only where the client's capability for it has <c>dynamicRegistration</c>.</summary>
    /// <returns>What withdraws it.</returns>
    /// <exception cref="ResponseErrorException">The client refused.</exception>
    public async Task<Unregistration> RegisterAsync<TOptions>(
        string method, TOptions options, JsonTypeInfo<TOptions> type, CancellationToken cancellationToken)
    {
        string id = $"codetuner-{Interlocked.Increment(ref _lastRegistration)}";
        JsonElement json = JsonSerializer.SerializeToElement(options, type);
        var parameters = new RegistrationParams([new Registration(id, method, json)]);
        await Connection.RequestAsync(ClientMethods.RegisterCapability, parameters, cancellationToken);
        return new Unregistration(id, method);
    }

    /// <summary>Withdraws what <see cref="RegisterAsync"/> offered.</summary>
    /// <exception cref="ResponseErrorException">The client refused.</exception>
    public Task UnregisterAsync(Unregistration registration, CancellationToken cancellationToken) =>
        Connection.RequestAsync(ClientMethods.UnregisterCapability, new UnregistrationParams([registration]), cancellationToken);

    /// <summary>Runs what talks to the client without holding up the messages; what fails is logged.</summary>
    public void InBackground(Func<Task> work, string what) => _ = Task.Run(async () =>
    {
        try
        {
            await work();
        }
        catch (ConnectionClosedException)
        {
        }
        catch (Exception e)
        {
            log.Error($"{what} failed:", e);
        }
    });
}
