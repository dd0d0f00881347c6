using CodeTuner.Tensors.Reference;
using CodeTuner.Tensors.Tests.Operations.Cases;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>Products of any size: what the table of sizes does not think of. A failure shrinks to the smallest sizes.</summary>
public class RandomProductTests
{
    public static TheoryData<string> Backends => [.. BackendsUnderTest.Compared];

    [BackendTheory]
    [MemberData(nameof(Backends))]
    public void AgreeWithTheReference(string backend)
    {
        using Backend tested = BackendsUnderTest.Create(backend);
        using ReferenceBackend reference = new();
        bool coversFewRows = BackendsUnderTest.Covers(backend, "product" + OperationCases.FewRows);
        Gen<int[]> sizes = Gen.Choose(1, 80).ArrayOf(3);
        Prop.ForAll(sizes.ToArbitrary(), Gen.Elements(Enum.GetValues<MatMulLayout>()).ToArbitrary(), (size, layout) =>
        {
            if (OperationCases.AreFew(size[0]) && !coversFewRows)
                return true;
            void Multiply(OperationRun run) =>
                MatMulCases.Multiply(run, layout, DType.Float32, size[0], size[1], size[2], accumulate: false, scale: 1);
            OperationRun expected = new(reference, "product"), actual = new(tested, "product");
            Multiply(expected);
            Multiply(actual);
            return expected.Results().Zip(actual.Results(), (e, a) => BackendsUnderTest.Allowed(backend, "product", e).Mismatch(a)).All(mismatch => mismatch is null);
        }).QuickCheckThrowOnFailure();
    }
}
