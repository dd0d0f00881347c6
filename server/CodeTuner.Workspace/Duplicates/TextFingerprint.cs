namespace CodeTuner.Workspace.Duplicates;

/// <summary>What a near-duplicate search compares of a text.</summary>
/// <param name="Shingles">Hashes of its token shingles, sorted and distinct.</param>
/// <param name="Bands">Its MinHash signature, band by band; none for a text that is too short to compare.</param>
public sealed record TextFingerprint(ulong[] Shingles, IReadOnlyList<(int Band, ulong Hash)> Bands);
