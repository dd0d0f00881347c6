using System.Text.Json;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Scheduling;

namespace CodeTuner.LanguageServer.Features.ExecuteCommand;

/// <summary>The commands behind <c>workspace/executeCommand</c>: name → handler of its arguments.</summary>
internal sealed class CommandTable
{
    private readonly Dictionary<string, Func<JsonElement[], RequestContext, Task<JsonElement?>>> _commands = new(StringComparer.Ordinal);

    /// <summary>The names, to be offered to the client.</summary>
    public string[] Names => [.. _commands.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Adds a command; a second of the same name is a mistake in the server's set-up.</summary>
    public void Add(string name, Func<JsonElement[], RequestContext, Task<JsonElement?>> handle) => _commands.Add(name, handle);

    /// <summary>Runs a command.</summary>
    /// <exception cref="ResponseErrorException">There is none of that name.</exception>
    public Task<JsonElement?> ExecuteAsync(ExecuteCommandParams parameters, RequestContext context) =>
        _commands.TryGetValue(parameters.Command, out Func<JsonElement[], RequestContext, Task<JsonElement?>>? handle)
            ? handle(parameters.Arguments ?? [], context)
            : throw new ResponseErrorException(ErrorCodes.InvalidParams, $"The server has no command {parameters.Command}.");
}
