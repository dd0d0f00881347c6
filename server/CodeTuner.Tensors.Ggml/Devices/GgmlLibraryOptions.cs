using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.Ggml;

/// <summary>Where ggml's libraries are looked for (the setting, the environment, beside the server, and <c>node_modules</c>, in this order), and how they work.</summary>
public sealed record GgmlLibraryOptions
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "CODETUNER_GGML";

    /// <summary>The folder that the user's settings name, or null.</summary>
    public string? Setting { get; init; }

    /// <summary>The folder that the environment names, or null.</summary>
    public string? Environment { get; init; } = System.Environment.GetEnvironmentVariable(Variable);

    /// <summary>The folder of the program: <c>natives</c> in it, and <c>node_modules</c> in it or above it.</summary>
    public string BaseDirectory { get; init; } = AppContext.BaseDirectory;

    /// <summary>
    /// Whether Vulkan may round the operands of products to float16, which is faster on most cards. Off, because
    /// gradients are often below what float16 can hold: they would vanish.
    /// </summary>
    public bool HalfPrecisionProducts { get; init; }

    /// <summary>The npm package that holds the libraries for this platform, or null where there is none.</summary>
    public static string? Package => (RuntimeInformation.ProcessArchitecture, true) switch
    {
        (Architecture.X64, _) when OperatingSystem.IsLinux() => "linux-x64-vulkan",
        (Architecture.X64, _) when OperatingSystem.IsWindows() => "win-x64-vulkan",
        (Architecture.Arm64, _) when OperatingSystem.IsMacOS() => "mac-arm64-metal",
        _ => null,
    };

    /// <summary>The file of ggml's core on this platform.</summary>
    public static string CoreFile => OperatingSystem.IsWindows() ? "ggml-base.dll" : OperatingSystem.IsMacOS() ? "libggml-base.dylib" : "libggml-base.so";

    /// <summary>The folder to load from.</summary>
    /// <exception cref="GgmlLibraryException">A folder that was named does not hold the libraries, or none was found; the message says where it looked.</exception>
    public string Find()
    {
        if (Named(Setting, "The setting for ggml's libraries") is { } set)
            return set;
        if (Named(Environment, $"The environment variable {Variable}") is { } named)
            return named;
        string[] places = [.. Places()];
        return places.FirstOrDefault(Holds) ?? throw new GgmlLibraryException(
            Package is null
                ? $"There are no GPU libraries for {RuntimeInformation.RuntimeIdentifier}: it runs on the CPU. To use libraries of your own, name their folder in {Variable}."
                : $"ggml's libraries were not found. Looked for {CoreFile} in {string.Join(", ", places)}. "
                + $"\"npm ci\" installs them, as the optional package @node-llama-cpp/{Package}; or name their folder in {Variable}.");
    }

    private static bool Holds(string folder) => File.Exists(Path.Combine(folder, CoreFile));

    private static string? Named(string? folder, string by)
    {
        if (string.IsNullOrWhiteSpace(folder))
            return null;
        return Holds(folder) ? Path.GetFullPath(folder) : throw new GgmlLibraryException($"{by} names the folder {folder}, which holds no {CoreFile}.");
    }

    private IEnumerable<string> Places()
    {
        yield return Path.Combine(BaseDirectory, "natives");
        if (Package is null)
            yield break;
        for (DirectoryInfo? folder = new(BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string modules = Path.Combine(folder.FullName, "node_modules");
            if (Directory.Exists(modules))
                yield return Path.Combine(modules, "@node-llama-cpp", Package, "bins", Package);
        }
    }
}
