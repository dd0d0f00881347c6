using System.Text.Json.Serialization.Metadata;

namespace CodeTuner.LanguageServer.Protocol.JsonRpc;

/// <summary>A request's name with the types of its parameters and result.</summary>
/// <param name="Name">The method.</param>
/// <param name="Params">How the parameters are read and written.</param>
/// <param name="Result">How the result is read and written.</param>
/// <typeparam name="TParams">The parameters; <see cref="Nothing"/> where there are none.</typeparam>
/// <typeparam name="TResult">The result, nullable where LSP lets it be null; <see cref="Nothing"/> where it always is.</typeparam>
internal sealed record RequestMethod<TParams, TResult>(string Name, JsonTypeInfo<TParams> Params, JsonTypeInfo<TResult> Result);

/// <summary>A notification's name with the type of its parameters.</summary>
/// <param name="Name">The method.</param>
/// <param name="Params">How the parameters are read and written.</param>
/// <typeparam name="TParams">The parameters; <see cref="Nothing"/> where there are none.</typeparam>
internal sealed record NotificationMethod<TParams>(string Name, JsonTypeInfo<TParams> Params);
