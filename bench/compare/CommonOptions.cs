using System.CommandLine;

namespace CodeTuner.Compare;

/// <summary>What both commands take.</summary>
internal static class CommonOptions
{
    public static Argument<string> Peer { get; } = new("peer") { Description = "The folder with llama-server and llama-bench." };

    public static Option<string?> Model { get; } = new("--model") { Description = "A model's name or folder (default: the embedded one)." };

    public static Option<string[]> Types { get; } = new("--types")
    {
        Description = "Storage types: f32, f16, bf16, q8_0, q4_0.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["f32", "f16", "q8_0"],
    };

    public static Option<int> Threads { get; } = new("--threads") { Description = "Threads of each side.", DefaultValueFactory = _ => 2 };
}
