using System.Text.RegularExpressions;

namespace CodeTuner.Workspace.Scanning;

/// <summary>Tells from a file's header that a program wrote it.</summary>
internal static partial class GeneratedCode
{
    /// <summary>Whether the header carries a generator's mark.</summary>
    public static bool IsMarked(HeaderComment header)
    {
        bool saysGenerated = false, forbidsEditing = false;
        foreach (string line in header.Lines)
        {
            if (Mark().IsMatch(line)) return true;
            saysGenerated |= Origin().IsMatch(line);
            forbidsEditing |= Prohibition().IsMatch(line);
        }

        return saysGenerated && forbidsEditing;
    }

    // Marks that stand at a line's start: .NET's, Go's (https://go.dev/s/generatedcode) and the "@generated" of many tools.
    [GeneratedRegex(@"^(?:<auto-?generated|@generated(?:\s|$)|Code generated .*DO NOT EDIT|(?:this (?:file|code|class|module) (?:is|was|has been) )?auto(?:matically |-|)generated(?: (?:by|from|with|using|on|at|file|code)\b|[.:!]|$))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    [GeneratedRegex(@"\bgenerated\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Origin();

    [GeneratedRegex(@"\bdo not (?:edit|modify|change|alter)\b|\bdo not make changes\b|\bchanges (?:to this file )?will be (?:lost|overwritten)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Prohibition();
}
