using CodeTuner.LanguageServer.Documents;
using CodeTuner.LanguageServer.Protocol.JsonRpc;

namespace CodeTuner.LanguageServer.Scheduling;

/// <summary>What a handler knows of its request beside the parameters.</summary>
/// <param name="Document">
/// The document that the parameters name, as it was when the request came; null where none is named or it is not open.
/// </param>
/// <param name="Cancelled">Set by the client, or by a newer request of the same kind and place.</param>
internal sealed record RequestContext(Document? Document, CancellationToken Cancelled)
{
    /// <summary><see cref="Document"/>, for requests that say nothing without it.</summary>
    /// <exception cref="ResponseErrorException">It is not open.</exception>
    public Document OpenDocument => Document ?? throw new ResponseErrorException(ErrorCodes.InvalidParams, "The document is not open.");
}
