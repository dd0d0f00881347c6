namespace CodeTuner.Tensors.Tests.Operations.Cases;

/// <summary>All cases of all operations.</summary>
internal static class OperationCases
{
    /// <summary>Lengths around the widths of registers, panels and blocks.</summary>
    public static readonly int[] Ragged = [1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 129];

    public static IEnumerable<OperationCase> All =>
    [
        .. ElementwiseCases.All, .. MatMulCases.All, .. NormalizationCases.All, .. RotaryCases.All, .. AttentionCases.All,
        .. MlpCases.All, .. RowsCases.All, .. LossCases.All, .. OptimizerCases.All,
    ];
}
