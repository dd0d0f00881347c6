namespace CodeTuner.Models.Tokenizers;

/// <summary>
/// The token ids around the parts of a fill-in-the-middle prompt, in the order the base was trained with:
/// prefix sentinel, prefix, suffix sentinel, suffix, middle sentinel, and then the middle and the end token.
/// </summary>
/// <param name="Prefix">Stands before the text before the cursor.</param>
/// <param name="Suffix">Stands before the text after the cursor.</param>
/// <param name="Middle">Stands before what is to be filled in.</param>
/// <param name="EndOfText">Ends the middle, and every document.</param>
/// <param name="FileSeparator">Stands before a file's path, or null where the base has none.</param>
/// <param name="RepositoryName">Stands before the repository's name, or null where the base has none.</param>
/// <param name="Pad">Fills a batch's rows; never counted.</param>
public sealed record FimFormat(int Prefix, int Suffix, int Middle, int EndOfText, int? FileSeparator, int? RepositoryName, int? Pad);
