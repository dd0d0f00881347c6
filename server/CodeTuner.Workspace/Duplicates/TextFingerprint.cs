namespace CodeTuner.Workspace.Duplicates;

/// <summary>What a near-duplicate search compares of a text.</summary>
/// <param name="Shingles">Hashes of its token shingles, sorted and distinct.</param>
/// <param name="Signature">Its MinHash signature: for each of 128 hash functions the least value over the shingles; empty where there are none.</param>
public sealed record TextFingerprint(uint[] Shingles, uint[] Signature);
