using CodeTuner.Workspace.Outline.Lexing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using RoslynSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace CodeTuner.Workspace.Outline.Declarations;

/// <summary>Reads C# through Roslyn's syntax tree; nothing is compiled and no reference is resolved.</summary>
internal static class CSharpOutline
{
    public static IReadOnlyList<OutlineNode> Parse(string text) => CSharpSource.Read(text, tree => Read((CompilationUnitSyntax)tree.GetRoot(), text), []);

    private static IReadOnlyList<OutlineNode> Read(CompilationUnitSyntax root, string text)
    {
        var found = new List<Declaration>();
        foreach (var node in root.DescendantNodes())
        {
            if (Read(node, text) is { } declaration)
                found.Add(declaration);
        }

        return Declaration.Nest(found, text.Length);
    }

    private static Declaration? Read(SyntaxNode node, string text) => node switch
    {
        BaseTypeDeclarationSyntax t => Make(node, OutlineKind.Type, t.Identifier, Between(t.OpenBraceToken, t.CloseBraceToken, t), text),
        MethodDeclarationSyntax m => Make(node, OutlineKind.Function, m.Identifier, BodyOf(m.Body, m.ExpressionBody), text),
        ConstructorDeclarationSyntax c => Make(node, OutlineKind.Function, c.Identifier, BodyOf(c.Body, c.ExpressionBody), text),
        DestructorDeclarationSyntax d => Make(node, OutlineKind.Function, d.Identifier, BodyOf(d.Body, d.ExpressionBody), text),
        OperatorDeclarationSyntax o => Make(node, OutlineKind.Function, o.OperatorToken, BodyOf(o.Body, o.ExpressionBody), text),
        ConversionOperatorDeclarationSyntax o =>
            Make(node, OutlineKind.Function, o.OperatorKeyword, BodyOf(o.Body, o.ExpressionBody), text),
        LocalFunctionStatementSyntax l => Make(node, OutlineKind.Function, l.Identifier, BodyOf(l.Body, l.ExpressionBody), text),
        PropertyDeclarationSyntax p when BodyOf(p, p.ExpressionBody) is { } body =>
            Make(node, OutlineKind.Function, p.Identifier, body, text),
        IndexerDeclarationSyntax p when BodyOf(p, p.ExpressionBody) is { } body =>
            Make(node, OutlineKind.Function, p.ThisKeyword, body, text),
        EventDeclarationSyntax e when BodyOf(e, null) is { } body => Make(node, OutlineKind.Function, e.Identifier, body, text),
        _ => null,
    };

    private static Declaration? Make(SyntaxNode node, OutlineKind kind, SyntaxToken name, TextSpan? body, string text)
    {
        if (name.IsMissing || name.Span.Length == 0)
            return null;
        return new Declaration(kind, name.ValueText, Of(node.Span), Of(name.Span), body, DocAbove(node, text));
    }

    private static TextSpan? BodyOf(BlockSyntax? block, ArrowExpressionClauseSyntax? arrow)
    {
        if (block is not null)
            return Between(block.OpenBraceToken, block.CloseBraceToken, block);
        return arrow is null || arrow.Expression.IsMissing ? null : Of(arrow.Expression.Span);
    }

    /// <summary>A property has a body where it is an expression or one of its accessors has one: an automatic property has none.</summary>
    private static TextSpan? BodyOf(BasePropertyDeclarationSyntax property, ArrowExpressionClauseSyntax? arrow)
    {
        if (arrow is not null)
            return BodyOf((BlockSyntax?)null, arrow);
        var list = property.AccessorList;
        return list is not null && list.Accessors.Any(a => a.Body is not null || a.ExpressionBody is not null)
            ? Between(list.OpenBraceToken, list.CloseBraceToken, list)
            : null;
    }

    private static TextSpan? Between(SyntaxToken open, SyntaxToken close, SyntaxNode node)
    {
        if (open.IsKind(SyntaxKind.None) || open.IsMissing)
            return null;
        return new TextSpan(open.Span.End, close.IsMissing ? node.Span.End : close.SpanStart);
    }

    /// <summary>The <c>///</c> lines or the <c>/** */</c> directly above; directives in between are looked over.</summary>
    private static TextSpan? DocAbove(SyntaxNode node, string text)
    {
        int start = -1, end = -1, newLines = 0;
        foreach (var trivia in node.GetLeadingTrivia().Reverse())
        {
            var span = trivia.Span;
            if (trivia.IsKind(SyntaxKind.EndOfLineTrivia))
            {
                if (++newLines > 1)
                    break;
            }
            else if (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) && IsDocLine(text.AsSpan(span.Start, span.Length)))
            {
                start = span.Start;
                end = end < 0 ? span.End : end;
                newLines = 0;
            }
            else if (trivia.IsKind(SyntaxKind.MultiLineCommentTrivia) && end < 0 && text.AsSpan(span.Start).StartsWith("/**"))
            {
                return Of(span);
            }
            else if (trivia.IsDirective && end < 0)
            {
                newLines = 0;
            }
            else if (!trivia.IsKind(SyntaxKind.WhitespaceTrivia))
            {
                break;
            }
        }

        return end < 0 ? null : new TextSpan(start, end);
    }

    private static bool IsDocLine(ReadOnlySpan<char> comment) => comment.StartsWith("///") && !comment.StartsWith("////");

    private static TextSpan Of(RoslynSpan span) => new(span.Start, span.End);
}
