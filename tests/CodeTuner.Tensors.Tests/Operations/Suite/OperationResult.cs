namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>What a tensor held after an operation.</summary>
public sealed record OperationResult(string Name, double[] Values, byte[] Bytes, double Tolerance, double Magnitude)
{
    /// <summary>What is wrong with <paramref name="actual"/> where this is what was expected, or null.</summary>
    public string? Mismatch(OperationResult actual)
    {
        if (Tolerance == 0)
            return Bytes.AsSpan().SequenceEqual(actual.Bytes) ? null : $"{Name}: byte {Bytes.AsSpan().CommonPrefixLength(actual.Bytes)} differs.";
        double typical = Math.Max(Magnitude, Math.Sqrt(Values.Sum(v => v * v) / Math.Max(1, Values.Length)));
        for (int i = 0; i < Values.Length; i++)
        {
            double expected = Values[i], allowed = Tolerance * Math.Max(Math.Abs(expected), typical);

            // Written so that a NaN on either side is a mismatch.
            if (!(Math.Abs(actual.Values[i] - expected) <= allowed))
                return $"{Name}: element {i} of {Values.Length} is {actual.Values[i]:G9}, not {expected:G9} ± {allowed:G2}.";
        }

        return null;
    }
}
