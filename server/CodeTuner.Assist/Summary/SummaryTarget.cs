using System.Security.Cryptography;
using System.Text;
using CodeTuner.Assist.Text;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Summary;

/// <summary>Which part of a declaration a position is in.</summary>
public enum DeclarationPart
{
    /// <summary>The declared name.</summary>
    Name,

    /// <summary>The rest of its header: attributes, modifiers, parameters, types.</summary>
    Header,

    /// <summary>Its body.</summary>
    Body,
}

/// <summary>The declaration that a summary is about.</summary>
/// <param name="Node">The declaration.</param>
/// <param name="Language">The document's language.</param>
/// <param name="Part">Where in it the position is.</param>
/// <param name="SummaryKey">
/// SHA-256 of the language and the declaration's text, in hexadecimal: the same declaration has the same key wherever it stands and
/// whatever its line ends, so a summary may be kept under it for as long as the model stays the same.
/// </param>
public sealed record SummaryTarget(OutlineNode Node, Language Language, DeclarationPart Part, string SummaryKey)
{
    /// <summary>Whether the declaration has a doc comment already.</summary>
    public bool IsDocumented => Node.DocComment is not null;

    /// <summary>The innermost declaration that contains the request's position; null where there is none.</summary>
    public static SummaryTarget? Find(SummaryRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        int offset = Math.Clamp(request.Offset, 0, request.Text.Length);
        OutlineNode? found = null;
        for (IReadOnlyList<OutlineNode> level = OutlineParser.Parse(request.Language, request.Text); Containing(level, offset) is { } node; level = node.Children)
            found = node;
        return found is null ? null : Of(request, found, offset);
    }

    // A cursor behind the last character still belongs to the declaration, unless the next one begins there.
    private static OutlineNode? Containing(IReadOnlyList<OutlineNode> nodes, int offset) =>
        nodes.FirstOrDefault(n => n.Span.Contains(offset)) ?? nodes.FirstOrDefault(n => n.Span.End == offset);

    private static SummaryTarget Of(SummaryRequest request, OutlineNode node, int offset)
    {
        DeclarationPart part = offset >= node.NameSpan.Start && offset <= node.NameSpan.End ? DeclarationPart.Name
            : node.Body is { } body && offset >= body.Start && offset <= body.End ? DeclarationPart.Body
            : DeclarationPart.Header;
        string text = LineEnds.Unify(request.Text[node.Span.Start..node.Span.End]);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Language.Identifier()}\n{text}"));
        return new SummaryTarget(node, request.Language, part, Convert.ToHexStringLower(hash));
    }
}
