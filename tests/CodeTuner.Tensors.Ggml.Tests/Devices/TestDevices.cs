using CodeTuner.Tests;

namespace CodeTuner.Tensors.Ggml.Tests.Devices;

/// <summary>The devices that the tests run on, and why one is left out. With CI=true none may be.</summary>
internal static class TestDevices
{
    public const string Cpu = "ggml CPU", Vulkan = "ggml Vulkan";

    /// <summary>Where the tests find ggml: as the server does, from this repository's node_modules.</summary>
    public static GgmlLibraryOptions Search { get; } = new() { BaseDirectory = Repository.Root };

    /// <summary>Why no test can run, or null.</summary>
    public static string? MissingLibrary { get; } = Missing(() => GgmlLibrary.Load(Search));

    /// <summary>Why nothing can run on a GPU, or null.</summary>
    public static string? MissingGpu { get; } = MissingLibrary ?? Missing(() => GgmlDevices.Gpu(Search));

    public static IEnumerable<string> Names => MissingGpu is null || IsContinuousIntegration ? [Cpu, Vulkan] : [Cpu];

    private static bool IsContinuousIntegration => Environment.GetEnvironmentVariable("CI") == "true";

    public static GgmlDevice Device(string name) => name == Cpu
        ? GgmlDevices.List(Search).First(device => device.Kind == GgmlDeviceKind.Cpu)
        : GgmlDevices.Gpu(Search);

    /// <summary>One thread: those of ggml wait for each other by spinning, which on a busy machine takes a hundred times as long.</summary>
    public static GgmlBackendOptions Options { get; } = new() { Threads = 1 };

    public static GgmlBackend Create(string name, GgmlBackendOptions? options = null) => GgmlBackend.Create(Device(name), options ?? Options);

    /// <summary>A reason to skip, unless this is continuous integration, where what is missing must show.</summary>
    public static string? Skip(string? missing) => IsContinuousIntegration ? null : missing;

    private static string? Missing(Action use)
    {
        try
        {
            use();
            return null;
        }
        catch (GgmlException missing)
        {
            return missing.Message;
        }
    }
}
