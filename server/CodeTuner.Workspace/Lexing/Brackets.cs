namespace CodeTuner.Workspace.Lexing;

/// <summary>Which bracket closes which, in code that may be broken.</summary>
public sealed class Brackets
{
    private readonly int[] partner;

    private Brackets(int[] partner, bool isBalanced) => (this.partner, IsBalanced) = (partner, isBalanced);

    /// <summary>Whether every bracket has its partner of the same kind.</summary>
    public bool IsBalanced { get; }

    /// <summary>The token that closes or opens the bracket token, or -1 where it has none.</summary>
    public int PartnerOf(int token) => partner[token];

    /// <summary>Pairs the brackets of a text.</summary>
    public static Brackets Match(string text, List<Token> tokens)
    {
        int[] partner = new int[tokens.Count];
        Array.Fill(partner, -1);
        Stack<int> open = new();
        bool balanced = true;
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind == TokenKind.Open)
            {
                open.Push(i);
            }
            else if (tokens[i].Kind == TokenKind.Close)
            {
                // A brace closes over parentheses that were left open: that is how half-written code looks.
                while (open.Count > 0 && !Fits(text[tokens[open.Peek()].Start], text[tokens[i].Start]) && text[tokens[i].Start] == '}')
                {
                    open.Pop();
                    balanced = false;
                }

                if (open.Count > 0 && Fits(text[tokens[open.Peek()].Start], text[tokens[i].Start]))
                {
                    int opener = open.Pop();
                    (partner[opener], partner[i]) = (i, opener);
                }
                else
                {
                    balanced = false;
                }
            }
        }

        return new Brackets(partner, balanced && open.Count == 0);
    }

    private static bool Fits(char open, char close) => (open, close) is ('(', ')') or ('[', ']') or ('{', '}');
}
