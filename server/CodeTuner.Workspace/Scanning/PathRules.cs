namespace CodeTuner.Workspace.Scanning;

/// <summary>What a path alone says about a file.</summary>
internal static class PathRules
{
    private static readonly HashSet<string> VendoredFolders = new(StringComparer.OrdinalIgnoreCase)
    {
        "node_modules", "bower_components", "jspm_packages", "vendor", "vendored", "third_party", "third-party", "thirdparty", "3rdparty",
        "Pods", "Carthage", "site-packages", ".venv", "venv", ".tox", ".eggs", ".nuget", ".cargo", ".yarn",
    };

    private static readonly HashSet<string> GeneratedFolders = new(StringComparer.OrdinalIgnoreCase)
    {
        "__pycache__", ".next", ".nuxt", ".svelte-kit", ".gradle", ".mypy_cache", ".pytest_cache", ".dart_tool",
    };

    private static readonly string[] GeneratedEndings =
    [
        ".g.cs", ".g.i.cs", ".designer.cs", ".generated.cs", "assemblyinfo.cs", "assemblyattributes.cs", "globalusings.g.cs", ".pb.go", ".pb.cc", ".pb.h", "_pb2.py", "_pb2_grpc.py",
        ".pb.ts", "_pb.js", ".d.ts.map", ".freezed.dart", "_generated.go", "_gen.go", ".gen.go", ".generated.ts", ".generated.js", "modelsnapshot.cs",
    ];

    private static readonly string[] MinifiedEndings = [".min.js", ".min.mjs", ".bundle.js", "-min.js"];

    /// <summary>Why a folder is not entered, or null.</summary>
    public static LeftOutReason? OfFolder(string name) =>
        VendoredFolders.Contains(name) ? LeftOutReason.Vendored : GeneratedFolders.Contains(name) ? LeftOutReason.Generated : null;

    /// <summary>Why a file is left out by its name, or null.</summary>
    public static LeftOutReason? OfFile(string name)
    {
        if (Array.Exists(MinifiedEndings, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase)))
            return LeftOutReason.Minified;
        return Array.Exists(GeneratedEndings, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase)) ? LeftOutReason.Generated : null;
    }
}
