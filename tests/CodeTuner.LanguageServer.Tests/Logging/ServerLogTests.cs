using CodeTuner.LanguageServer.Logging;

namespace CodeTuner.LanguageServer.Tests.Logging;

public class ServerLogTests
{
    [Theory]
    [InlineData("Info", false)]
    [InlineData("Debug", true)]
    public void NamesNothingOfTheUsersUnlessAsked(string level, bool expected)
    {
        var text = new StringWriter();
        using var log = new ServerLog(text, Enum.Parse<LogLevel>(level));
        log.Debug("secret");
        log.Error("It failed:", new IOException("secret", new IOException("secret")));
        Assert.Equal(expected, text.ToString().Contains("secret", StringComparison.Ordinal));
        Assert.Contains("error It failed: System.IO.IOException", text.ToString(), StringComparison.Ordinal);
    }
}
