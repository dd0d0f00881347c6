using CodeTuner.Models.Checkpoints.Gguf;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Hub;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;

namespace CodeTuner.Compare;

/// <summary>One model in one storage type, loaded here and written as GGUF for the peer.</summary>
internal sealed class ComparedModel : IDisposable
{
    private readonly CpuBackend backend;
    private readonly string temporary = Directory.CreateTempSubdirectory("codetuner-compare-").FullName;

    public ComparedModel(string? name, DType type, int threads)
    {
        string folder = ModelCatalog.Find(name);
        backend = new CpuBackend(new CpuBackendOptions { Threads = threads });
        File = Path.Combine(temporary, "model.gguf");
        GgufExport.Write(folder, File, type);
        Model = DecoderLanguageModel.Load(folder, backend, type);
        Model.DraftRows = 1; // the peer guesses no tokens
    }

    public DecoderLanguageModel Model { get; }

    /// <summary>The GGUF file.</summary>
    public string File { get; }

    public static DType TypeOf(string name) => name switch
    {
        "f32" => DType.Float32,
        "f16" => DType.Float16,
        "bf16" => DType.BFloat16,
        "q8_0" => DType.Q8_0,
        "q4_0" => DType.Q4_0,
        _ => throw new ArgumentException($"There is no type {name}; f32, f16, bf16, q8_0 and q4_0 are known."),
    };

    public void Dispose()
    {
        Model.Dispose();
        backend.Dispose();
        Directory.Delete(temporary, recursive: true);
    }
}
