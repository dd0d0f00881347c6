using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Outline.Declarations;

/// <summary>Finds the comment that documents a declaration: the one directly above it, by its language's custom.</summary>
internal static class DocComments
{
    public static TextSpan? Above(LexedText lexed, int codeToken)
    {
        var text = lexed.Text;
        int start = -1, end = -1;
        var below = lexed.Code[codeToken].Start;
        for (var i = lexed.Places[codeToken] - 1; i >= 0; i--)
        {
            var comment = lexed.All[i];
            if (!comment.IsComment || !comment.NewLineBefore || !NextLine(text.AsSpan(comment.End, below - comment.End)))
                break;
            var words = text.AsSpan(comment.Start, comment.End - comment.Start);
            if (comment.Kind == TokenKind.BlockComment)
            {
                if (end < 0 && IsDocBlock(lexed.Language, words))
                    (start, end) = (comment.Start, comment.End);
                break;
            }

            if (IsDocLine(lexed.Language, words))
            {
                start = comment.Start;
                end = end < 0 ? comment.End : end;
            }
            else if (end >= 0 || !IsDirective(words))
            {
                break;
            }

            below = comment.Start;
        }

        return end < 0 ? null : new TextSpan(start, end);
    }

    private static bool NextLine(ReadOnlySpan<char> between) => between.IsWhiteSpace() && between.Count('\n') <= 1;

    private static bool IsDocBlock(Language language, ReadOnlySpan<char> comment) =>
        LanguageSyntax.Of(language).PlainCommentsDocument || (comment.StartsWith("/**") && comment.Length > 4);

    private static bool IsDocLine(Language language, ReadOnlySpan<char> comment) => language switch
    {
        Language.Rust => comment.StartsWith("///") && !comment.StartsWith("////"),
        Language.Go => !IsDirective(comment),
        Language.C or Language.Cpp => !comment.StartsWith("//!"),
        _ => false,
    };

    /// <summary>Remarks for tools (<c>//go:noinline</c>, <c>//nolint</c>) may stand between a doc comment and its function.</summary>
    private static bool IsDirective(ReadOnlySpan<char> comment) => comment.StartsWith("//go:") || comment.StartsWith("//nolint");
}
