namespace CodeTuner.Assist.Tests.Fakes;

/// <summary>Reads the place of a bar out of a test's text.</summary>
internal static class Caret
{
    public static (string Text, int Offset) Of(string marked)
    {
        int at = marked.IndexOf('¦', StringComparison.Ordinal);
        return (marked.Remove(at, 1), at);
    }
}
