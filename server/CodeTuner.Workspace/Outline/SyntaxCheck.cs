using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Lexing;

namespace CodeTuner.Workspace.Outline;

/// <summary>
/// Whether a document parses. C# is parsed in full; of the other languages the lexical form is checked: brackets match,
/// strings and comments end, and Python's suites are there and indented alike.
/// </summary>
public static class SyntaxCheck
{
    /// <summary>Whether nothing is found wrong.</summary>
    public static bool IsValid(Language language, string text)
    {
        if (language == Language.CSharp)
            return CSharpOutline.IsValid(text);
        List<Token> tokens = Lexer.Tokens(language, text);
        return tokens.TrueForAll(t => t.IsClosed) && Brackets.Match(text, tokens).IsBalanced
            && (language != Language.Python || HasSoundSuites(text));
    }

    private static bool HasSoundSuites(string text)
    {
        Stack<int> indents = new();
        indents.Push(0);
        bool expectsSuite = false;
        foreach (PythonLine line in PythonLine.Split(text))
        {
            if (expectsSuite)
            {
                if (line.Indent <= indents.Peek())
                    return false;
                indents.Push(line.Indent);
            }
            else
            {
                while (line.Indent < indents.Peek())
                    indents.Pop();
                if (line.Indent != indents.Peek())
                    return false;
            }

            expectsSuite = text[line.Tokens[^1].Start] == ':' && line.Tokens[^1].Kind == TokenKind.Symbol;
        }

        return !expectsSuite;
    }
}
