namespace CodeTuner.LanguageServer.Lifecycle;

/// <summary>The settings as they are now, read once a change.</summary>
internal sealed class CurrentSettings
{
    private readonly ClientSettings _settings;
    private volatile ServerSettings _value = ServerSettings.Default;

    /// <summary>Follows the client's settings.</summary>
    public CurrentSettings(ClientSettings settings)
    {
        _settings = settings;
        settings.Changed += Read;
    }

    /// <summary>They changed.</summary>
    public event Action? Changed;

    /// <summary>The settings.</summary>
    public ServerSettings Value => _value;

    private void Read()
    {
        _value = _settings.Get(SettingsJsonContext.Default.ServerSettings, ServerSettings.Default);
        Changed?.Invoke();
    }
}
