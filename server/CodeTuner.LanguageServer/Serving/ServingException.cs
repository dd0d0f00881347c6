namespace CodeTuner.LanguageServer.Serving;

/// <summary>No model can serve; the message is for the user.</summary>
internal sealed class ServingException(string message, Exception? inner = null) : Exception(message, inner);
