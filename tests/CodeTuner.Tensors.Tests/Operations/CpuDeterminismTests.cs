using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Tests.Operations.Cases;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>The managed backend gives the same bits whatever the number of threads, so that a run resumes with the same losses anywhere.</summary>
public class CpuDeterminismTests
{
    public static TheoryData<string> Cases => [.. OperationCases.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ThreadsDoNotChangeABit(string operation)
    {
        OperationCase tried = OperationCases.All.Single(c => c.Name == operation);
        IReadOnlyList<OperationResult> one = Run(1), three = Run(3);
        Assert.All(one.Zip(three), pair => Assert.True(pair.First.Bytes.AsSpan().SequenceEqual(pair.Second.Bytes), pair.First.Name));

        IReadOnlyList<OperationResult> Run(int threads)
        {
            using CpuBackend backend = new(new CpuBackendOptions { Threads = threads });
            OperationRun run = new(backend, operation);
            tried.Body(run);
            return run.Results();
        }
    }
}
