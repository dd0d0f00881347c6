using BenchmarkDotNet.Running;

// Kernels and steps of the managed backend: "dotnet run -c Release -- --filter '*MatMul*'"; "--list flat" names all.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
