using System.CommandLine;
using CodeTuner.Tensors;

namespace CodeTuner.Cli.Commands;

/// <summary>The option that says how the weights of a GGUF file are stored.</summary>
internal static class GgufType
{
    private static readonly Dictionary<string, DType> Types = new(StringComparer.Ordinal)
    {
        ["f16"] = DType.Float16, ["bf16"] = DType.BFloat16, ["q8_0"] = DType.Q8_0, ["q4_0"] = DType.Q4_0, ["f32"] = DType.Float32,
    };

    public static Option<string> Option { get; } = Create();

    public static DType Of(ParseResult result) => Types[result.GetValue(Option)!];

    private static Option<string> Create()
    {
        Option<string> option = new("--type") { Description = "How the weights of a GGUF file are stored.", DefaultValueFactory = _ => "f16" };
        option.AcceptOnlyFromAmong([.. Types.Keys]);
        return option;
    }
}
