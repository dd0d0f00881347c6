using System.Diagnostics;
using System.Text.Json;

namespace CodeTuner.Tests;

/// <summary>
/// A Vulkan driver of the tests' own: it passes everything on to Mesa's driver for the processor, says that its card is a real
/// one, and fails where the environment wants it to. faulty_driver.cpp lists the variables. It is compiled once a test run.
/// </summary>
internal static class FaultyDriver
{
    private static readonly string[] DriverFolders = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
    private static readonly Lazy<Dictionary<string, string>> Compiled = new(Compile);

    /// <summary>ggml's libraries, as a fresh clone has them or the environment names them; null where they are missing.</summary>
    public static string? Libraries { get; } = new[]
    {
        Environment.GetEnvironmentVariable("CODETUNER_GGML"),
        Path.Combine(Repository.Root, "node_modules", "@node-llama-cpp", "linux-x64-vulkan", "bins", "linux-x64-vulkan"),
    }.FirstOrDefault(Directory.Exists);

    /// <summary>What Mesa calls its description of the driver; null where it is missing.</summary>
    public static string? Mesa { get; } = DriverFolders.Where(Directory.Exists).SelectMany(Directory.EnumerateFiles)
        .FirstOrDefault(file => Path.GetFileName(file).StartsWith("lvp_", StringComparison.Ordinal));

    /// <summary>Why the driver cannot be had, or null.</summary>
    public static string? Missing { get; } =
        Libraries is null ? "ggml's libraries are missing (\"npm ci\")."
        : Mesa is null ? "Mesa's Vulkan drivers are missing (mesa-vulkan-drivers)."
        : !Exists("g++") ? "g++ is missing (build-essential)."
        : null;

    /// <summary>The variables that make it the only driver.</summary>
    /// <param name="faults">What fails, as NAME=VALUE.</param>
    public static Dictionary<string, string> Variables(params string[] faults)
    {
        Dictionary<string, string> variables = new(Compiled.Value);
        foreach (string[] fault in faults.Select(f => f.Split('=', 2)))
            variables[fault[0]] = fault[1];
        return variables;
    }

    /// <summary>The same as the beginning of a command line.</summary>
    public static string[] Through(params string[] faults) => ["env", .. Variables(faults).Select(v => $"{v.Key}={v.Value}")];

    private static Dictionary<string, string> Compile()
    {
        string folder = Directory.CreateTempSubdirectory("codetuner-driver-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        string library = Path.Combine(folder, "libfaulty.so"), description = Path.Combine(folder, "faulty.json");
        string source = Path.Combine(Repository.Root, "tests", "Shared", "FaultyDriver", "faulty_driver.cpp");
        using Process compiler = Process.Start(new ProcessStartInfo("g++", ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", library, source]) { RedirectStandardError = true })!;
        string errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, errors);
        File.WriteAllText(description, $$"""{"file_format_version":"1.0.0","ICD":{"api_version":"1.3.230","library_path":{{JsonSerializer.Serialize(library)}} } }""");
        using JsonDocument mesa = JsonDocument.Parse(File.ReadAllText(Mesa!));
        return new Dictionary<string, string>
        {
            ["CODETUNER_GGML"] = Libraries!,
            ["FAULTY_MESA"] = mesa.RootElement.GetProperty("ICD").GetProperty("library_path").GetString()!,
            ["VK_DRIVER_FILES"] = description,
            ["VK_ICD_FILENAMES"] = description, // an older loader's name for it
        };
    }

    private static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}

/// <summary>A test that needs ggml's libraries, Mesa's driver and a compiler. With CI=true none may be missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CardFactAttribute : FactAttribute
{
    public CardFactAttribute() => Skip = Environment.GetEnvironmentVariable("CI") == "true" ? null : FaultyDriver.Missing;
}

/// <summary>A theory that needs the same.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CardTheoryAttribute : TheoryAttribute
{
    public CardTheoryAttribute() => Skip = Environment.GetEnvironmentVariable("CI") == "true" ? null : FaultyDriver.Missing;
}
