namespace CodeTuner.Workspace.Outline.Lexing;

/// <content>Template literals and JSX, which nest code in text and text in code.</content>
internal sealed partial class Lexer
{
    private readonly Stack<Frame> frames = new();
    private int depth;
    private Dictionary<string, int>? lastClosingTag;
    private int lastTagEnd = -1;

    private enum FrameKind : byte
    {
        /// <summary>Code in a template literal's <c>${ }</c>.</summary>
        Template,

        /// <summary>Code in JSX's <c>{ }</c>.</summary>
        JsxBrace,

        /// <summary>In an opening tag.</summary>
        JsxTag,

        /// <summary>Between an opening tag and its closing tag.</summary>
        JsxChildren,
    }

    private void ReadClosingBrace()
    {
        if (frames.Count > 0 && frames.Peek().Depth == depth)
        {
            var frame = frames.Pop();
            depth--;
            if (frame.Kind == FrameKind.Template)
            {
                ReadTemplate(position, position + 1, TokenKind.TemplateMiddle);
                return;
            }
        }
        else
        {
            depth--;
        }

        AddPunctuation();
    }

    /// <summary>Reads a piece of a template literal from <paramref name="from"/> to its next <c>${</c> or closing quote.</summary>
    private void ReadTemplate(int start, int from, TokenKind kind)
    {
        var at = from;
        while (at < text.Length)
        {
            var found = text.AsSpan(at).IndexOfAny('`', '\\', '$');
            if (found < 0)
                break;
            at += found;
            if (text[at] == '\\')
            {
                at += 2;
            }
            else if (text[at] == '`')
            {
                Add(start, at + 1, kind == TokenKind.TemplateHead ? TokenKind.String : TokenKind.TemplateTail);
                return;
            }
            else if (at + 1 < text.Length && text[at + 1] == '{')
            {
                Add(start, at + 2, kind);
                frames.Push(new Frame(FrameKind.Template, ++depth, false));
                return;
            }
            else
            {
                at++;
            }
        }

        Add(start, text.Length, kind == TokenKind.TemplateHead ? TokenKind.String : TokenKind.TemplateTail, unclosed: true);
    }

    /// <summary>
    /// Starts a JSX element where the text looks like one. A generic arrow function or a type assertion looks alike, but has no
    /// closing tag of its name after it.
    /// </summary>
    private bool TryStartJsx()
    {
        var at = position + 1;
        if (at >= text.Length || (text[at] != '>' && !IsNameStart(at)))
            return false;
        var end = at;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '$' or '.' or '-' or ':'))
            end++;
        lastClosingTag ??= FindClosingTags();
        if (lastTagEnd <= position)
            return false;
        var after = end < text.Length ? text[end] : '\0';
        if (after == '>')
        {
            if (!lastClosingTag.TryGetValue(text[at..end], out var last) || last <= position)
                return false;
        }
        else if (!char.IsWhiteSpace(after) && after != '/')
        {
            return false;
        }
        else
        {
            var rest = text.AsSpan(end, Math.Min(64, text.Length - end)).TrimStart();
            if (rest.StartsWith("extends ") || rest.StartsWith(",") || rest.StartsWith("="))
                return false;
        }

        Add(position, position + 1, TokenKind.JsxOpen, '<');
        frames.Push(new Frame(FrameKind.JsxTag, -1, true));
        return true;
    }

    private Dictionary<string, int> FindClosingTags()
    {
        var found = new Dictionary<string, int>();
        for (var at = 0; at + 1 < text.Length; at++)
        {
            var next = text.AsSpan(at).IndexOf('/');
            if (next < 0)
                break;
            at += next;
            if (at > 0 && text[at - 1] == '<')
            {
                var end = at + 1;
                while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '$' or '.' or '-' or ':'))
                    end++;
                found[text[(at + 1)..end]] = at;
                lastTagEnd = at;
            }
            else if (at + 1 < text.Length && text[at + 1] == '>')
            {
                lastTagEnd = at;
            }
        }

        return found;
    }

    private void ReadJsx()
    {
        if (frames.Peek().Kind == FrameKind.JsxTag)
            ReadJsxTag();
        else
            ReadJsxChildren();
    }

    private void ReadJsxTag()
    {
        var c = text[position];
        var frame = frames.Peek();
        switch (c)
        {
            case '\n' or '\r':
                newLine = true;
                position++;
                return;
            case '/' when Peek() == '>':
                frames.Pop();
                Add(position, position + 2, frame.Outermost ? TokenKind.JsxClose : TokenKind.Punctuation, '>');
                return;
            case '/' when Peek() == '*':
                ReadBlockComment();
                return;
            case '>':
                frames.Pop();
                frames.Push(frame with { Kind = FrameKind.JsxChildren });
                Add(position, position + 1, TokenKind.Punctuation, '>');
                return;
            case '{':
                OpenJsxBrace();
                return;
            case '"' or '\'':
                var end = text.IndexOf(c, position + 1);
                Add(position, end < 0 ? text.Length : end + 1, TokenKind.String, unclosed: end < 0);
                return;
        }

        if (char.IsWhiteSpace(c))
        {
            position++;
        }
        else if (IsNameStart(position))
        {
            var end = position + 1;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '$' or '-'))
                end++;
            Add(position, end, TokenKind.Identifier);
        }
        else
        {
            // A bracket has no place in a tag: as an unknown character it marks the text as broken without upsetting the structure.
            var bracket = c is '(' or ')' or '[' or ']' or '}';
            Add(position, position + 1, bracket ? TokenKind.Unknown : TokenKind.Punctuation, bracket ? '\0' : c);
        }
    }

    private void ReadJsxChildren()
    {
        var c = text[position];
        if (c == '{')
        {
            OpenJsxBrace();
        }
        else if (c == '<' && Peek() == '/')
        {
            var frame = frames.Pop();
            var length = text.AsSpan(position).IndexOf('>');
            var end = length < 0 ? text.Length : position + length + 1;
            Add(position, end, frame.Outermost ? TokenKind.JsxClose : TokenKind.Punctuation, '>', unclosed: length < 0);
        }
        else if (c == '<')
        {
            Add(position, position + 1, TokenKind.Punctuation, '<');
            frames.Push(new Frame(FrameKind.JsxTag, -1, false));
        }
        else
        {
            var length = text.AsSpan(position).IndexOfAny('<', '{');
            var end = length < 0 ? text.Length : position + length;
            if (text.AsSpan(position, end - position).IsWhiteSpace())
            {
                newLine |= text.AsSpan(position, end - position).Contains('\n');
                position = end;
            }
            else
            {
                // JSX allows no bare closing brace in text.
                Add(position, end, TokenKind.JsxText, unclosed: text.AsSpan(position, end - position).Contains('}'));
            }
        }
    }

    private void OpenJsxBrace()
    {
        frames.Push(new Frame(FrameKind.JsxBrace, ++depth, false));
        Add(position, position + 1, TokenKind.Punctuation, '{');
    }

    /// <summary>What surrounds the text being read.</summary>
    /// <param name="Kind">What it is.</param>
    /// <param name="Depth">How many braces are open just inside, for code; -1 for tags and children, which no brace closes.</param>
    /// <param name="Outermost">Whether the JSX element is in code rather than in another element.</param>
    private readonly record struct Frame(FrameKind Kind, int Depth, bool Outermost);
}
