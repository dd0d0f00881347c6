namespace CodeTuner.Models.Tokenizers;

/// <summary>A token that is found in the text before any splitting.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">How it is spelt.</param>
/// <param name="IsSpecial">Whether it is a sentinel rather than text.</param>
/// <param name="SingleWord">Whether it counts only where no word character is next to it.</param>
/// <param name="StripLeft">Whether it swallows white space before it.</param>
/// <param name="StripRight">Whether it swallows white space after it.</param>
/// <param name="Normalized">Whether it is looked for in the normalised text rather than in the text as given.</param>
internal sealed record AddedToken(int Id, string Content, bool IsSpecial, bool SingleWord, bool StripLeft, bool StripRight, bool Normalized);
