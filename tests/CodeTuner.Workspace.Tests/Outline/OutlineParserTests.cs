using CodeTuner.Workspace.Outline;

namespace CodeTuner.Workspace.Tests.Outline;

public class OutlineParserTests
{
    [Fact]
    public void Dump()
    {
        foreach (var language in Samples.Languages)
        {
            var text = Samples.Of(language);
            Console.WriteLine($"== {language} valid={SyntaxCheck.IsValid(language, text)}");
            Console.WriteLine(OutlineText.Write(text, OutlineParser.Parse(language, text)));
        }
    }
}
