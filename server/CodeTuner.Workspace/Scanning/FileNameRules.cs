using System.Collections.Frozen;

namespace CodeTuner.Workspace.Scanning;

/// <summary>What a file's name alone says about it.</summary>
internal static class FileNameRules
{
    private static readonly FrozenSet<string> LockFiles = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "deno.lock", "Cargo.lock", "poetry.lock", "uv.lock",
        "Pipfile.lock", "pdm.lock", "composer.lock", "Gemfile.lock", "go.sum", "go.work.sum", "packages.lock.json", "flake.lock", "mix.lock");

    private static readonly string[] GeneratedEndings =
    [
        ".g.cs", ".g.i.cs", ".designer.cs", ".generated.cs", ".assemblyinfo.cs", ".assemblyattributes.cs", "modelsnapshot.cs",
        ".pb.go", ".pb.gw.go", "_generated.go", ".gen.go", ".pb.cc", ".pb.h", "_pb2.py", "_pb2_grpc.py", "_pb2.pyi",
        "_pb.js", "_pb.ts", "_pb.d.ts", ".pb.ts", ".generated.ts", ".generated.js", ".generated.go", ".generated.java",
    ];

    private static readonly string[] MinifiedEndings = [".min.js", ".min.mjs", ".min.cjs", "-min.js", ".bundle.js", ".min.css"];

    private static readonly FrozenSet<string> BinaryExtensions = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".ico", ".webp", ".avif", ".tif", ".tiff", ".psd", ".mp3", ".mp4", ".wav", ".ogg", ".flac",
        ".webm", ".mov", ".avi", ".ttf", ".otf", ".woff", ".woff2", ".eot", ".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar",
        ".jar", ".war", ".class", ".dll", ".exe", ".pdb", ".so", ".dylib", ".a", ".lib", ".o", ".obj", ".pyc", ".pyd", ".wasm", ".nupkg", ".vsix",
        ".pdf", ".docx", ".xlsx", ".pptx", ".sqlite", ".db", ".parquet", ".npy", ".npz", ".pt", ".onnx", ".gguf", ".safetensors");

    /// <summary>Why a file is left out by its name, or null.</summary>
    public static LeftOutReason? Reason(string name)
    {
        if (LockFiles.Contains(name) || EndsWithAny(name, GeneratedEndings)) return LeftOutReason.Generated;
        if (EndsWithAny(name, MinifiedEndings)) return LeftOutReason.Minified;
        return BinaryExtensions.Contains(Path.GetExtension(name)) ? LeftOutReason.Binary : null;
    }

    private static bool EndsWithAny(string name, string[] endings) =>
        Array.Exists(endings, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));
}
