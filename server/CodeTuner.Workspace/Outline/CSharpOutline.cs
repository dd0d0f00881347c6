using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeTuner.Workspace.Outline;

/// <summary>The outline of C#, from Roslyn's syntax tree.</summary>
internal static class CSharpOutline
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.Parse);

    public static IReadOnlyList<OutlineNode> Parse(string text)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(text, Options).GetRoot();
        return Children(root);
    }

    public static bool IsValid(string text) =>
        !CSharpSyntaxTree.ParseText(text, Options).GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error);

    private static List<OutlineNode> Children(SyntaxNode node)
    {
        List<OutlineNode> nodes = [];

        // Without recursion into what is no declaration: expressions may be nested deeper than a stack.
        foreach (SyntaxNode inside in node.DescendantNodes(n => n == node || Describe(n) is null))
        {
            if (Describe(inside) is not { } found || found.Name.Span.Length == 0)
                continue;
            nodes.Add(new OutlineNode(
                found.Kind, found.Name.ValueText, Span(inside.Span), Span(found.Name.Span), found.Body, DocComment(inside), Children(inside)));
        }

        return nodes;
    }

    private static (OutlineKind Kind, SyntaxToken Name, TextSpan? Body)? Describe(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => (OutlineKind.Type, type.Identifier, Inside(type.OpenBraceToken, type.CloseBraceToken)),
        MethodDeclarationSyntax method => (OutlineKind.Function, method.Identifier, BodyOf(method)),
        ConstructorDeclarationSyntax constructor => (OutlineKind.Function, constructor.Identifier, BodyOf(constructor)),
        OperatorDeclarationSyntax op => (OutlineKind.Function, op.OperatorToken, BodyOf(op)),
        LocalFunctionStatementSyntax local => (OutlineKind.Function, local.Identifier, BodyOf(local.Body, local.ExpressionBody)),
        PropertyDeclarationSyntax { ExpressionBody: { } arrow } property => (OutlineKind.Function, property.Identifier, Span(arrow.Expression.Span)),
        PropertyDeclarationSyntax { AccessorList: { } list } property when list.Accessors.Any(a => a.Body is not null || a.ExpressionBody is not null) =>
            (OutlineKind.Function, property.Identifier, Inside(list.OpenBraceToken, list.CloseBraceToken)),
        _ => null,
    };

    private static TextSpan? BodyOf(BaseMethodDeclarationSyntax method) => BodyOf(method.Body, method.ExpressionBody);

    private static TextSpan? BodyOf(BlockSyntax? block, ArrowExpressionClauseSyntax? arrow) =>
        block is not null ? Inside(block.OpenBraceToken, block.CloseBraceToken) : arrow is not null ? Span(arrow.Expression.Span) : null;

    private static TextSpan? Inside(SyntaxToken open, SyntaxToken close) =>
        open.Span.Length == 0 || close.Span.Length == 0 ? null : new TextSpan(open.Span.End, close.Span.Start);

    private static TextSpan? DocComment(SyntaxNode node)
    {
        SyntaxTrivia doc = node.GetLeadingTrivia().LastOrDefault(t =>
            t.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia) || t.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia));
        if (doc.FullSpan.Length == 0)
            return null;

        // Roslyn's span starts after the first "///" and takes the last line's end along.
        string text = node.SyntaxTree.GetText().ToString(doc.FullSpan);
        int end = doc.FullSpan.Start + text.TrimEnd().Length;
        return new TextSpan(doc.FullSpan.Start, end);
    }

    private static TextSpan Span(Microsoft.CodeAnalysis.Text.TextSpan span) => new(span.Start, span.End);
}
