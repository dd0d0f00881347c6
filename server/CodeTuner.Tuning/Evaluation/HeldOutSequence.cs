namespace CodeTuner.Tuning.Evaluation;

/// <summary>Held-out code after the code before it, for the loss.</summary>
/// <param name="Path">The file.</param>
/// <param name="Ids">Token ids: the path, what stands before, and the held-out code.</param>
/// <param name="FirstCounted">The first token of the held-out code.</param>
/// <param name="Bytes">The held-out code's length in UTF-8.</param>
public sealed record HeldOutSequence(string Path, int[] Ids, int FirstCounted, int Bytes)
{
    /// <summary>Tokens whose loss counts.</summary>
    public int Counted => Ids.Length - FirstCounted;
}
