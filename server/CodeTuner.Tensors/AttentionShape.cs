namespace CodeTuner.Tensors;

/// <summary>The sizes of a causal grouped-query attention.</summary>
/// <param name="Batch">B: independent sequences.</param>
/// <param name="Queries">T: queries of each sequence; they are its last T positions.</param>
/// <param name="Keys">S: keys and values of each sequence, at least T.</param>
/// <param name="QueryHeads">Hq.</param>
/// <param name="KeyValueHeads">Hkv; divides Hq: query head h reads key head h / (Hq / Hkv).</param>
/// <param name="HeadSize">D.</param>
/// <param name="Scale">What the scores are multiplied with, usually 1/√D.</param>
public readonly record struct AttentionShape(int Batch, int Queries, int Keys, int QueryHeads, int KeyValueHeads, int HeadSize, float Scale)
{
    /// <summary>The position of the first query among the keys.</summary>
    public int Offset => Keys - Queries;

    /// <summary>How many query heads share a key head.</summary>
    public int Group => QueryHeads / KeyValueHeads;
}
