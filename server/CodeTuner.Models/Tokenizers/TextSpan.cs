namespace CodeTuner.Models.Tokenizers;

/// <summary>A part of a text.</summary>
/// <param name="Start">Its first UTF-16 unit.</param>
/// <param name="Length">Its length in UTF-16 units.</param>
internal readonly record struct TextSpan(int Start, int Length);
