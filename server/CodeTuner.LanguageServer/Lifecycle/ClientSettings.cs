using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CodeTuner.LanguageServer.Logging;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Lifecycle;

/// <summary>
/// The user's settings of the section <c>codetuner</c>: asked of the client or, where it cannot be asked, as it pushes them.
/// </summary>
internal sealed class ClientSettings(LanguageClient client, ServerLog log)
{
    /// <summary>The section's name.</summary>
    public const string Section = "codetuner";

    private volatile object? _current;

    /// <summary>The settings arrived or changed.</summary>
    public event Action? Changed;

    /// <summary>The settings, or <paramref name="fallback"/> while none have come or where they do not fit.</summary>
    public T Get<T>(JsonTypeInfo<T> type, T fallback)
    {
        try
        {
            return _current is JsonElement { ValueKind: JsonValueKind.Object } settings ? settings.Deserialize(type) ?? fallback : fallback;
        }
        catch (JsonException e)
        {
            log.Warning("The settings do not fit; the defaults are used.");
            log.Debug(e.Message);
            return fallback;
        }
    }

    /// <summary>Asks for changes to be told and for the settings as they are; once, after <c>initialized</c>.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (client.Capabilities.Workspace?.DidChangeConfiguration?.DynamicRegistration == true)
        {
            await client.RegisterAsync(
                ServerMethods.DidChangeConfiguration.Name,
                new DidChangeConfigurationRegistrationOptions { Section = Section },
                LspJsonContext.Default.DidChangeConfigurationRegistrationOptions,
                cancellationToken);
        }

        await PullAsync(cancellationToken);
    }

    /// <summary><c>workspace/didChangeConfiguration</c>: pulls, where the client lets it; otherwise takes what came.</summary>
    public void OnChanged(DidChangeConfigurationParams parameters)
    {
        if (client.Capabilities.Workspace?.Configuration == true)
            client.InBackground(() => PullAsync(CancellationToken.None), "workspace/configuration");
        else if (parameters.Settings is { ValueKind: JsonValueKind.Object } all && all.TryGetProperty(Section, out JsonElement section))
            Set(section);
    }

    private async Task PullAsync(CancellationToken cancellationToken)
    {
        if (client.Capabilities.Workspace?.Configuration != true)
            return;
        var parameters = new ConfigurationParams([new ConfigurationItem { Section = Section }]);
        JsonElement[] settings = await client.Connection.RequestAsync(ClientMethods.Configuration, parameters, cancellationToken);
        if (settings.Length == 1)
            Set(settings[0]);
        else
            throw new ResponseErrorException(ErrorCodes.InvalidParams, "The client's answer to workspace/configuration has not one item.");
    }

    private void Set(JsonElement settings)
    {
        _current = settings.Clone();
        Changed?.Invoke();
    }
}
