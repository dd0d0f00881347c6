namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>Calls of an operation on random operands, written once and run on any backend.</summary>
/// <param name="Name">What it calls and how.</param>
/// <param name="Body">Allocates operands from the run, calls its backend and says which tensors are results.</param>
public sealed record OperationCase(string Name, Action<OperationRun> Body);
