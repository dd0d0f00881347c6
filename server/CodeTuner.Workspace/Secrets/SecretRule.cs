using System.Text.RegularExpressions;

namespace CodeTuner.Workspace.Secrets;

/// <summary>A kind of secret and how it is told from other text.</summary>
/// <param name="Id">A short name, such as <c>github-token</c>.</param>
/// <param name="Keywords">One of these (in any case) must be in the text before the pattern is tried.</param>
/// <param name="Pattern">What it looks like; the group <c>s</c> is the secret, or the whole match where there is no such group.</param>
/// <param name="MinimumEntropy">Bits a character that the secret must have at least; 0 for patterns that are telling by themselves.</param>
/// <param name="MixesLettersAndDigits">Whether it must have both letters and digits: words alone are rarely secrets.</param>
public sealed record SecretRule(
    string Id, IReadOnlyList<string> Keywords, Regex Pattern, double MinimumEntropy = 0, bool MixesLettersAndDigits = false);
