using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeTuner.LanguageServer.Protocol.Lsp;

/// <summary>One capability that the server offers while it runs.</summary>
/// <param name="Id">Names it when it is withdrawn.</param>
/// <param name="Method">The method that the client may use from now on.</param>
/// <param name="RegisterOptions">The method's registration options.</param>
internal sealed record Registration(string Id, string Method, JsonElement? RegisterOptions = null);

internal sealed record RegistrationParams(Registration[] Registrations);

internal sealed record Unregistration(string Id, string Method);

/// <param name="Unregisterations">Spelt as LSP spells it.</param>
internal sealed record UnregistrationParams(Unregistration[] Unregisterations);

internal sealed record DidChangeConfigurationRegistrationOptions
{
    public string? Section { get; init; }
}

internal sealed record InlineCompletionRegistrationOptions
{
    public bool? WorkDoneProgress { get; init; }

    public string? Id { get; init; }

    /// <summary>Null means what the client's own selector says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required TextDocumentFilterLanguage[]? DocumentSelector { get; init; }
}

/// <summary>The documents of one language.</summary>
/// <param name="Language">The VS Code language identifier.</param>
internal sealed record TextDocumentFilterLanguage(string Language)
{
    /// <summary>For example <c>file</c> or <c>untitled</c>.</summary>
    public string? Scheme { get; init; }
}
