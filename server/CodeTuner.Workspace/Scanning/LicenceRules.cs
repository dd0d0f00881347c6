using System.Text.RegularExpressions;

namespace CodeTuner.Workspace.Scanning;

/// <summary>
/// Finds files under a licence that binds whoever passes the code on, or forbids it. Only a file's own header counts;
/// a licence that the whole workspace is under is the user's own and flags nothing.
/// </summary>
internal static partial class LicenceRules
{
    // AGPL and LGPL before GPL: the first name that is found counts.
    private static readonly (string Name, string Phrase)[] Phrases =
    [
        ("AGPL", "GNU Affero General Public License"),
        ("LGPL", "GNU Lesser General Public License"),
        ("LGPL", "GNU Library General Public License"),
        ("GPL", "GNU General Public License"),
        ("SSPL", "Server Side Public License"),
        ("BUSL", "Business Source License"),
    ];

    private static readonly string[] RootFiles = ["LICENSE", "LICENCE", "COPYING", "COPYING.LESSER", "UNLICENSE"];

    /// <summary>The names that can be flagged and allowed.</summary>
    public static IReadOnlyList<string> Names { get; } = ["AGPL", "LGPL", "GPL", "SSPL", "BUSL", "CC-BY-NC", "proprietary"];

    /// <summary>The licence that flags a file with this header, or null.</summary>
    public static string? Find(HeaderComment header)
    {
        string text = string.Join(' ', header.Lines);
        foreach (Match spdx in Spdx().Matches(text))
            return OfExpression(spdx.Groups[1].Value);
        if (OfText(text) is { } name)
            // "Under either the MIT licence or the GPL": the user may choose the first.
            return Choice().IsMatch(text) && Permissive().IsMatch(text) ? null : name;
        return IsProprietary(text) ? "proprietary" : null;
    }

    /// <summary>The licences that the files at a workspace's root put all of it under.</summary>
    public static IReadOnlySet<string> OfWorkspace(string root, WorkspaceDisk disk, IEnumerable<string> fileNames)
    {
        HashSet<string> found = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in fileNames.Where(n => RootFiles.Contains(Path.GetFileNameWithoutExtension(n).ToUpperInvariant()) || RootFiles.Contains(n.ToUpperInvariant())))
        {
            try
            {
                string text = WhiteSpace().Replace(System.Text.Encoding.UTF8.GetString(disk.Read(Path.Combine(root, name), 128 * 1024)), " ");
                found.UnionWith(Phrases.Where(p => text.Contains(p.Phrase, StringComparison.OrdinalIgnoreCase)).Select(p => p.Name));
                if (IsProprietary(text)) found.Add("proprietary");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A licence that cannot be read allows nothing.
            }
        }

        return found;
    }

    // An SPDX licence expression: of an OR one may choose, of an AND all hold. See https://spdx.github.io/spdx-spec, annex D.
    private static string? OfExpression(string expression)
    {
        string? flagged = null;
        foreach (string alternative in expression.Split(" OR ", StringSplitOptions.TrimEntries))
        {
            string? found = Identifier().Matches(alternative).Select(m => OfIdentifier(m.Value)).FirstOrDefault(n => n is not null);
            if (found is null) return null;
            flagged ??= found;
        }

        return flagged;
    }

    private static string? OfIdentifier(string identifier) =>
        Names.FirstOrDefault(n => identifier.StartsWith(n + "-", StringComparison.OrdinalIgnoreCase) || identifier.Equals(n, StringComparison.OrdinalIgnoreCase));

    private static string? OfText(string text)
    {
        foreach ((string name, string phrase) in Phrases)
        {
            if (text.Contains(phrase, StringComparison.OrdinalIgnoreCase)) return name;
        }

        return ShortName().Match(text) is { Success: true } match ? match.Groups[1].Value.ToUpperInvariant()
            : NonCommercial().IsMatch(text) ? "CC-BY-NC"
            : null;
    }

    // "All rights reserved" alone stands above much code under a free licence.
    private static bool IsProprietary(string text) =>
        Proprietary().IsMatch(text) || (text.Contains("all rights reserved", StringComparison.OrdinalIgnoreCase) && Confidential().IsMatch(text));

    [GeneratedRegex(@"SPDX-License-Identifier:\s*(\(?[A-Za-z0-9.+-]+\)?(?: (?:OR|AND|WITH) \(?[A-Za-z0-9.+-]+\)?)*)", RegexOptions.CultureInvariant)]
    private static partial Regex Spdx();

    [GeneratedRegex(@"[A-Za-z0-9.+-]+")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\b(AGPL|LGPL|GPL)(?:[ -]?v?\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ShortName();

    [GeneratedRegex(@"CC[- ]BY[- ]NC|Attribution-NonCommercial", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NonCommercial();

    [GeneratedRegex(@"\b(?:MIT|BSD|Apache|MPL|Mozilla Public)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Permissive();

    [GeneratedRegex(@"\b(?:dual|either|alternatively|your option of|your choice)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Choice();

    [GeneratedRegex(@"\b(?:confidential|proprietary)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Confidential();

    [GeneratedRegex(@"proprietary and confidential|confidential and proprietary|unauthori[sz]ed copying of this file",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Proprietary();

    [GeneratedRegex(@"[\s*/#]+")]
    private static partial Regex WhiteSpace();
}
