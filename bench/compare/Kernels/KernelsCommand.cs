using System.CommandLine;
using System.Diagnostics;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Compare.Kernels;

/// <summary><c>kernels</c>: matrix products here, in ggml and at the processor's best, in turn, for several rounds.</summary>
internal static class KernelsCommand
{
    // Warm-up: until the runtime has compiled for good what a product runs through.
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(60), WarmUp = TimeSpan.FromMilliseconds(500);

    private static readonly (DType Type, int Ggml)[] Types = [(DType.Float32, 0), (DType.Float16, 1), (DType.BFloat16, 30), (DType.Q8_0, 8), (DType.Q4_0, 2)];

    public static Command Create()
    {
        Argument<string?> folder = new("libraries") { Description = "The folder with ggml's shared libraries; without it there is no peer.", Arity = ArgumentArity.ZeroOrOne };
        Option<int> rounds = new("--rounds") { Description = "Rounds; each runs everything once.", DefaultValueFactory = _ => 9 };
        Option<string[]> sizes = new("--sizes")
        {
            Description = "Products to run, as N for a square one or MxNxK.", AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => ["256", "512", "1024", "2048", "1x4864x896", "1x151936x896", "1x16384x256", "16x4864x896", "512x4864x896", "512x704x256"],
        };
        Option<string?> kernels = new("--kernels") { Description = "Avx512, AvxVnni, Avx2 or Portable (default: the best here)." };
        Command command = new("kernels", "Compare matrix products with ggml's and with the processor's peak.")
        {
            folder, rounds, sizes, kernels, CommonOptions.Types, CommonOptions.Threads,
        };
        command.SetAction(result =>
        {
            int threads = result.GetValue(CommonOptions.Threads);
            CpuKernelSet? set = result.GetValue(kernels) is { } name ? Enum.Parse<CpuKernelSet>(name, ignoreCase: true) : null;
            using CpuBackend backend = new(new CpuBackendOptions { Threads = threads, Kernels = set });
            using Ggml? ggml = result.GetValue(folder) is { } libraries ? new Ggml(libraries, threads) : null;
            DType[] types = [.. result.GetValue(CommonOptions.Types)!.Select(ComparedModel.TypeOf)];
            Console.WriteLine($"{backend.Name}; GFLOPS: median (quartiles)");
            Console.WriteLine("| type | M × N × K | layout | here | ggml | here / ggml | of the FMA peak |");
            Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
            foreach ((int m, int n, int k) in result.GetValue(sizes)!.Select(Parse))
            {
                foreach ((DType type, int number) in Types.Where(t => types.Contains(t.Type)))
                {
                    foreach (MatMulLayout layout in type == DType.Float32 && m > 1 ? Enum.GetValues<MatMulLayout>() : [MatMulLayout.NT])
                        Compare(backend, layout == MatMulLayout.NT ? ggml : null, type, number, layout, (m, n, k), result.GetValue(rounds));
                }
            }
        });
        return command;
    }

    private static (int M, int N, int K) Parse(string size)
    {
        int[] parts = [.. size.Split('x').Select(int.Parse)];
        return parts.Length switch
        {
            1 => (parts[0], parts[0], parts[0]),
            3 => (parts[0], parts[1], parts[2]),
            _ => throw new ArgumentException($"\"{size}\" is no size: give N or MxNxK."),
        };
    }

    private static void Compare(CpuBackend backend, Ggml? ggml, DType type, int number, MatMulLayout layout, (int M, int N, int K) size, int rounds)
    {
        (int m, int n, int k) = size;
        float[] left = Numbers(m * k), right = Numbers(n * k);
        Tensor a = backend.Allocate(layout == MatMulLayout.TN ? new Shape(k, m) : new Shape(m, k)); // (M, K)
        Tensor b = backend.Allocate(layout == MatMulLayout.NT ? new Shape(n, k) : new Shape(k, n), type); // (K, N)
        Tensor c = backend.Allocate(new Shape(m, n));
        byte[] stored = new byte[type.Bytes(b.Shape)];
        StorageFormats.Encode(right, stored, type);
        backend.Write(a, left);
        backend.WriteBytes(b, stored);
        void Here()
        {
            backend.MatMul(c, a, b, layout);
            backend.Flush();
        }

        using GgmlProduct? there = ggml?.Product(number, stored, left, m, n, k);
        double There(TimeSpan turn)
        {
            ggml!.StartThreads();
            try
            {
                return Rate(there!.Run, size, turn);
            }
            finally
            {
                ggml.StopThreads();
            }
        }

        Rate(Here, size, WarmUp);
        if (there is not null)
        {
            There(WarmUp);
            CheckEqual(backend, c, there.Result(), k);
        }

        List<(double Here, double There, double Peak)> results = [];
        for (int i = 0; i < rounds; i++)
        {
            double peak = FmaPeak.Measure(backend.Pool.Threads), first = i % 2 == 0 ? Rate(Here, size, Turn) : 0;
            double other = there is null ? double.NaN : There(Turn);
            results.Add((i % 2 == 0 ? first : Rate(Here, size, Turn), other, peak));
        }

        double best = results.Max(r => r.Peak);
        string Of(Func<(double Here, double There, double Peak), double> value, string format) => new Spread(results.Select(value)).Text(format);
        Console.WriteLine($"| {type} | {m} × {n} × {k} | {layout} | {Of(r => r.Here, "N0")} | "
            + $"{(there is null ? " | " : $"{Of(r => r.There, "N0")} | {Of(r => r.Here / r.There, "N2")}")} | {Of(r => r.Here / best, "N2")} |");
        foreach (Tensor tensor in (Tensor[])[a, b, c])
            backend.Release(tensor);
        backend.ReleaseUnused();
    }

    // As often as fits into the turn; what is given is the rate of the median call.
    private static double Rate(Action product, (int M, int N, int K) size, TimeSpan turn)
    {
        List<double> seconds = [];
        for (long start = Stopwatch.GetTimestamp(); seconds.Count < 3 || Stopwatch.GetElapsedTime(start) < turn;)
        {
            long before = Stopwatch.GetTimestamp();
            product();
            seconds.Add(Stopwatch.GetElapsedTime(before).TotalSeconds);
        }

        return 2.0 * size.M * size.N * size.K / new Spread(seconds).Median / 1e9;
    }

    // Two sides that compute different things are not worth comparing. The peer rounds to eight bits, and to bfloat16.
    private static void CheckEqual(CpuBackend backend, Tensor c, float[] theirs, int k)
    {
        float[] ours = new float[theirs.Length];
        backend.Read(c, ours);
        for (int i = 0; i < ours.Length; i++)
        {
            if (!(Math.Abs(ours[i] - theirs[i]) <= 0.03 * Math.Sqrt(k)))
                throw new InvalidOperationException($"Element {i} is {ours[i]} here and {theirs[i]} in ggml.");
        }
    }

    private static float[] Numbers(int count)
    {
        Random random = new(count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (2 * random.NextSingle()) - 1;
        return values;
    }
}
