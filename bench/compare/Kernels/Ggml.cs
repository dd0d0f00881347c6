using System.Runtime.InteropServices;

namespace CodeTuner.Compare.Kernels;

/// <summary>ggml's CPU backend from a folder of its shared libraries, with threads that stay for its next call.</summary>
/// <remarks>Names and layouts are those of the headers <c>ggml.h</c> and <c>ggml-backend.h</c> of llama.cpp v0.5.0.</remarks>
internal sealed unsafe class Ggml : IDisposable
{
    private const int CpuDevice = 0;
    private const int ThreadPoolParameterBytes = 1024; // 512 flags and a few numbers: less than this
    private const int ThreadsAt = 512;

    private readonly nint library, core, backend;
    private readonly int threads;
    private readonly delegate* unmanaged<byte*, nint> newPool;
    private readonly delegate* unmanaged<nint, nint, void> setPool;
    private readonly delegate* unmanaged<nint, void> freePool;
    private nint pool;

    /// <summary>Loads what fits this processor best.</summary>
    /// <param name="folder">Where libggml-base and the CPU libraries lie.</param>
    /// <param name="threads">Threads.</param>
    /// <exception cref="DllNotFoundException">There is no ggml in the folder.</exception>
    public Ggml(string folder, int threads)
    {
        this.threads = threads;
        core = NativeLibrary.Load(Find(folder, "libggml-base"));
        library = NativeLibrary.Load(Find(folder, "libggml"));
        nint path = Marshal.StringToCoTaskMemUTF8(Path.GetFullPath(folder));
        ((delegate* unmanaged<nint, void>)Symbol(library, "ggml_backend_load_all_from_path"))(path);
        Marshal.FreeCoTaskMem(path);
        backend = ((delegate* unmanaged<int, nint, nint>)Symbol(library, "ggml_backend_init_by_type"))(CpuDevice, 0);
        if (backend == 0)
            throw new DllNotFoundException($"ggml found no CPU library in {folder}.");

        nint device = ((delegate* unmanaged<nint, nint>)Core("ggml_backend_get_device"))(backend);
        nint registry = ((delegate* unmanaged<nint, nint>)Core("ggml_backend_dev_backend_reg"))(device);
        ((delegate* unmanaged<nint, int, void>)OfCpu(registry, "ggml_backend_set_n_threads"))(backend, threads);
        newPool = (delegate* unmanaged<byte*, nint>)OfCpu(registry, "ggml_threadpool_new");
        setPool = (delegate* unmanaged<nint, nint, void>)OfCpu(registry, "ggml_backend_cpu_set_threadpool");
        freePool = (delegate* unmanaged<nint, void>)OfCpu(registry, "ggml_threadpool_free");
    }

    /// <summary>Starts the threads. They spin for a while after each call, and would take the other side's processors.</summary>
    public void StartThreads()
    {
        byte* parameters = stackalloc byte[ThreadPoolParameterBytes];
        ((delegate* unmanaged<byte*, int, void>)Core("ggml_threadpool_params_init"))(parameters, threads);
        if (*(int*)(parameters + ThreadsAt) != threads)
            throw new DllNotFoundException("This ggml is of another version than v0.5.0.");
        pool = newPool(parameters);
        setPool(backend, pool);
    }

    /// <summary>Ends the threads.</summary>
    public void StopThreads()
    {
        setPool(backend, 0);
        freePool(pool);
    }

    /// <summary>A product y = x · wᵀ, ready to be run.</summary>
    /// <param name="type">ggml's number of the weight's type.</param>
    /// <param name="weight">(N, K), in that type.</param>
    /// <param name="x">(M, K).</param>
    /// <param name="m">M.</param>
    /// <param name="n">N.</param>
    /// <param name="k">K.</param>
    public GgmlProduct Product(int type, ReadOnlySpan<byte> weight, ReadOnlySpan<float> x, int m, int n, int k)
    {
        InitParameters parameters = new() { Bytes = 1 << 20, NoAllocation = 1 };
        nint context = ((delegate* unmanaged<InitParameters, nint>)Core("ggml_init"))(parameters);
        var newMatrix = (delegate* unmanaged<nint, int, long, long, nint>)Core("ggml_new_tensor_2d");
        nint w = newMatrix(context, type, k, n), a = newMatrix(context, 0, k, m);
        nint y = ((delegate* unmanaged<nint, nint, nint, nint>)Core("ggml_mul_mat"))(context, w, a);
        nint graph = ((delegate* unmanaged<nint, nint>)Core("ggml_new_graph"))(context);
        ((delegate* unmanaged<nint, nint, void>)Core("ggml_build_forward_expand"))(graph, y);
        nint buffer = ((delegate* unmanaged<nint, nint, nint>)Core("ggml_backend_alloc_ctx_tensors"))(context, backend);
        Set(w, weight);
        Set(a, MemoryMarshal.AsBytes(x));
        return new GgmlProduct(this, context, graph, buffer, y, m * n);
    }

    public void Compute(nint graph)
    {
        int status = ((delegate* unmanaged<nint, nint, int>)Core("ggml_backend_graph_compute"))(backend, graph);
        if (status != 0)
            throw new InvalidOperationException($"ggml ended a product with status {status}.");
    }

    public float[] Get(nint tensor, int count)
    {
        float[] values = new float[count];
        fixed (float* into = values)
            ((delegate* unmanaged<nint, void*, nuint, nuint, void>)Core("ggml_backend_tensor_get"))(tensor, into, 0, (nuint)count * 4);
        return values;
    }

    public void Free(nint context, nint buffer)
    {
        ((delegate* unmanaged<nint, void>)Core("ggml_backend_buffer_free"))(buffer);
        ((delegate* unmanaged<nint, void>)Core("ggml_free"))(context);
    }

    public void Dispose() => ((delegate* unmanaged<nint, void>)Core("ggml_backend_free"))(backend);

    private static string Find(string folder, string name) =>
        Directory.EnumerateFiles(folder, $"{name}.*").Where(f => Path.GetFileName(f).Contains(".so") || f.EndsWith(".dylib", StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault()
        ?? throw new DllNotFoundException($"There is no {name} in {folder}. Name the folder of ggml's shared libraries.");

    private static nint Symbol(nint library, string name) => NativeLibrary.GetExport(library, name);

    private nint Core(string name) => Symbol(core, name);

    private void Set(nint tensor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* from = bytes)
            ((delegate* unmanaged<nint, void*, nuint, nuint, void>)Core("ggml_backend_tensor_set"))(tensor, from, 0, (nuint)bytes.Length);
    }

    private nint OfCpu(nint registry, string name)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(name);
        nint function = ((delegate* unmanaged<nint, nint, nint>)Core("ggml_backend_reg_get_proc_address"))(registry, text);
        Marshal.FreeCoTaskMem(text);
        return function != 0 ? function : throw new DllNotFoundException($"ggml's CPU library has no {name}.");
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct InitParameters
    {
        public nuint Bytes;
        public nint Buffer;
        public byte NoAllocation;
    }
}
