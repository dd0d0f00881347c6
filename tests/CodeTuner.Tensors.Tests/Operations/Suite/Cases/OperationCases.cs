namespace CodeTuner.Tensors.Tests.Operations.Cases;

/// <summary>All cases of all operations.</summary>
internal static class OperationCases
{
    /// <summary>Lengths around the widths of registers, panels and blocks.</summary>
    public static readonly int[] Ragged = [1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 129];

    /// <summary>The end of the name of a case about <see cref="AreFew"/> rows.</summary>
    public const string FewRows = ", 3 to 8 rows";

    public static IEnumerable<OperationCase> All =>
    [
        .. ElementwiseCases.All, .. MatMulCases.All, .. NormalizationCases.All, .. RotaryCases.All, .. AttentionCases.All,
        .. MlpCases.All, .. RowsCases.All, .. LossCases.All, .. OptimizerCases.All,
    ];

    /// <summary>Whether a product has so few rows that a backend may have a kernel for just that many.</summary>
    public static bool AreFew(int rows) => rows is >= 3 and <= 8;
}
