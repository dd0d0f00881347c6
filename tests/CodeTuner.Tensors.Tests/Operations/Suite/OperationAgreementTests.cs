using CodeTuner.Tensors.Reference;
using CodeTuner.Tensors.Tests.Operations.Cases;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>Every backend gives the reference's results on every case.</summary>
public class OperationAgreementTests
{
    private static readonly Dictionary<string, OperationCase> Cases = OperationCases.All.ToDictionary(c => c.Name);

    public static TheoryData<string, string> OnEachBackend => EachCaseOn(BackendsUnderTest.Compared);

    public static TheoryData<string, string> OnDeferringBackends => EachCaseOn(BackendsUnderTest.Deferring);

    [BackendTheory]
    [MemberData(nameof(OnEachBackend))]
    public void AgreesWithTheReference(string backend, string operation)
    {
        using Backend tested = BackendsUnderTest.Create(backend);
        OperationRun run = Run(tested, operation);
        Check(backend, operation, Expected.Of(operation), run.Results());
        run.AssertInputsUnchanged();
    }

    [BackendTheory]
    [MemberData(nameof(OnDeferringBackends))]
    public void ResultsOutliveTheirOperands(string backend, string operation)
    {
        using Backend tested = BackendsUnderTest.Create(backend);
        OperationRun run = Run(tested, operation);
        run.ReleaseOperands();
        Check(backend, operation, Expected.Of(operation), run.Results());
    }

    private static TheoryData<string, string> EachCaseOn(IEnumerable<string> backends)
    {
        TheoryData<string, string> data = [];
        foreach (string backend in backends)
        {
            foreach (string name in Cases.Keys.Where(name => BackendsUnderTest.Covers(backend, name)))
                data.Add(backend, name);
        }

        return data;
    }

    private static OperationRun Run(Backend backend, string operation)
    {
        OperationRun run = new(backend, operation);
        Cases[operation].Body(run);
        return run;
    }

    private static void Check(string backend, string operation, IReadOnlyList<OperationResult> expected, IReadOnlyList<OperationResult> actual)
    {
        Assert.NotEmpty(expected);
        string[] mismatches = [.. expected.Zip(actual, (e, a) => BackendsUnderTest.Allowed(backend, operation, e).Mismatch(a)).OfType<string>()];
        Assert.True(mismatches.Length == 0, string.Join('\n', mismatches));
    }

    /// <summary>The reference's results, worked out once.</summary>
    private static class Expected
    {
        private static readonly Dictionary<string, IReadOnlyList<OperationResult>> Known = [];

        public static IReadOnlyList<OperationResult> Of(string operation)
        {
            lock (Known)
            {
                if (!Known.TryGetValue(operation, out IReadOnlyList<OperationResult>? results))
                {
                    using ReferenceBackend reference = new();
                    Known[operation] = results = Run(reference, operation).Results();
                }

                return results;
            }
        }
    }
}
