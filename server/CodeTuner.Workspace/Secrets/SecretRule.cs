using System.Text.RegularExpressions;

namespace CodeTuner.Workspace.Secrets;

/// <summary>A kind of secret and how it is told from other text.</summary>
/// <param name="Id">A short name, such as <c>github-token</c>.</param>
/// <param name="Keywords">One of these (in any case) must be in a line before the pattern is tried on it.</param>
/// <param name="Pattern">What it looks like; the group <c>s</c> is the secret, or the whole match where there is no such group. Where the group <c>id</c> matched, a GUID is none. Made when it is first tried: an automaton of this kind takes milliseconds and megabytes, and few are met in a workspace.</param>
/// <param name="MinimumEntropy">Bits a character that the secret must have at least; 0 for patterns that are telling by themselves.</param>
/// <param name="CharacterKinds">How many of lower case, upper case and digits it must have: plain words are rarely secrets.</param>
/// <param name="AllowedValues">Values, in any case, that are no secret although they look like one, such as <c>postgres</c>.</param>
/// <param name="CharactersAfterLine">How far past the keyword's line the pattern may reach.</param>
public sealed record SecretRule(
    string Id,
    IReadOnlyList<string> Keywords,
    Lazy<Regex> Pattern,
    double MinimumEntropy = 0,
    int CharacterKinds = 0,
    IReadOnlyList<string>? AllowedValues = null,
    int CharactersAfterLine = 0);
