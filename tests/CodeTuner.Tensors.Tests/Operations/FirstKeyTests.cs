namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>What a first key of attention may be.</summary>
public class FirstKeyTests
{
    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(2, 0, true)]
    [InlineData(3, 0, false)]
    [InlineData(3, 1, true)]
    [InlineData(4, 1, false)]
    [InlineData(-1, 1, false)]
    [InlineData(2, 3, true)]
    [InlineData(3, 3, false)]
    public void AQueryMustSeeItself(int firstKey, int query, bool fits)
    {
        // Queries 0 … 2 are at positions 2 … 4 of five keys; query 3 is the first of the second sequence.
        AttentionShape shape = new(2, 3, 5, 1, 1, 1, 1);
        int[] first = new int[6];
        first[query] = firstKey;
        Exception? e = Record.Exception(() => OperationChecks.FirstKeys(first, shape));
        Assert.Equal(fits, e is null);
    }
}
