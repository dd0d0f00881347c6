using System.Text.Json;
using CodeTuner.Models.Architectures;
using CodeTuner.Tensors;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Architectures;

/// <summary>Loads a reference model as the reference ran it.</summary>
internal static class GoldenDecoder
{
    // The reference cast its modules as a whole, so that the rotary frequencies were rounded like the weights
    // although the arithmetic was float32.
    public static Decoder Load(string model, Backend backend)
    {
        JsonElement cases = Golden.Json([.. model.Split('/'), "cases.json"]);
        DType frequencies = cases.GetProperty("weights").GetString() switch
        {
            "torch.bfloat16" => DType.BFloat16,
            "torch.float16" => DType.Float16,
            _ => DType.Float32,
        };
        return Decoder.Load(Golden.At(model.Split('/')), backend, DType.Float32, frequencies);
    }
}
