using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Tests.Scheduling;

/// <summary>A method that no feature handles, for handlers of a test's own.</summary>
internal static class TestMethods
{
    public static readonly RequestMethod<HoverParams, Hover?> Slow = new("test/slow", LspJsonContext.Default.HoverParams, LspJsonContext.Default.Hover);
}
