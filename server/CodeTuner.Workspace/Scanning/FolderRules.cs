using System.Collections.Frozen;

namespace CodeTuner.Workspace.Scanning;

/// <summary>
/// Which folders hold other people's code or a tool's output. A name that people also give to their own source
/// (<c>vendor</c>, <c>target</c>, <c>dist</c>, <c>bin</c>) counts only beside the file that makes a tool use it.
/// </summary>
internal static class FolderRules
{
    private static readonly FrozenSet<string> Vendored = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "node_modules", "bower_components", "jspm_packages", "third_party", "third-party", "thirdparty", "3rdparty", "3rd_party", "vendored",
        "Pods", "Carthage", "site-packages", "dist-packages", "__pypackages__", ".venv", ".tox", ".nox", ".eggs", ".nuget", ".cargo", ".yarn",
        ".bundle");

    private static readonly FrozenSet<string> Generated = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "__pycache__", ".next", ".nuxt", ".svelte-kit", ".angular", ".parcel-cache", ".turbo", ".gradle", ".mypy_cache", ".pytest_cache",
        ".ruff_cache", ".ipynb_checkpoints", ".dart_tool", ".vs");

    private static readonly string[] PackageFiles = ["go.mod", "composer.json", "Gemfile", "Cargo.toml", "package.json", "Gopkg.toml"];

    /// <summary>Why a folder is not entered, or null.</summary>
    /// <param name="name">The folder's name.</param>
    /// <param name="siblings">The names of all that lies beside it.</param>
    /// <param name="isTop">Whether it lies directly in the workspace's root.</param>
    public static LeftOutReason? Reason(string name, IReadOnlySet<string> siblings, bool isTop)
    {
        if (Vendored.Contains(name)) return LeftOutReason.Vendored;
        if (Generated.Contains(name)) return LeftOutReason.Generated;
        return name.ToLowerInvariant() switch
        {
            "vendor" when isTop || PackageFiles.Any(siblings.Contains) => LeftOutReason.Vendored,
            "dist" when siblings.Contains("package.json") || siblings.Contains("pyproject.toml") || siblings.Contains("setup.py") =>
                LeftOutReason.Generated,
            "target" when siblings.Contains("Cargo.toml") || siblings.Contains("pom.xml") || siblings.Contains("build.sbt") =>
                LeftOutReason.Generated,
            "bin" or "obj" when siblings.Any(IsDotnetProject) => LeftOutReason.Generated,
            "build" when siblings.Contains("build.gradle") || siblings.Contains("build.gradle.kts") => LeftOutReason.Generated,
            _ => null,
        };
    }

    /// <summary>Why a folder is left out for what lies directly in it, or null.</summary>
    /// <param name="names">The names of all that lies in it.</param>
    public static LeftOutReason? ReasonInside(IReadOnlySet<string> names)
    {
        // A Python environment, Go's and Composer's vendor folders; then the mark of caches (https://bford.info/cachedir).
        if (names.Contains("pyvenv.cfg") || (names.Contains("modules.txt") && names.Contains("github.com")) || names.Contains("autoload.php") && names.Contains("composer"))
            return LeftOutReason.Vendored;
        return names.Contains("CACHEDIR.TAG") ? LeftOutReason.Generated : null;
    }

    private static bool IsDotnetProject(string name) =>
        name.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".fsproj", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".vbproj", StringComparison.OrdinalIgnoreCase);
}
