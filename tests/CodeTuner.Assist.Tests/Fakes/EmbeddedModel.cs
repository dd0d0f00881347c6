using CodeTuner.Models.Generation;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tests;

namespace CodeTuner.Assist.Tests.Fakes;

/// <summary>The base model that the repository ships.</summary>
public sealed class EmbeddedModel : IDisposable
{
    private readonly CpuBackend backend = new();

    public EmbeddedModel() => Model = DecoderLanguageModel.Load(Path.Combine(Repository.Root, "models", "codetuner-10m"), backend);

    public LanguageModel Model { get; }

    public void Dispose()
    {
        Model.Dispose();
        backend.Dispose();
    }
}
