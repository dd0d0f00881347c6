using System.Reflection;
using System.Runtime.InteropServices;
using CodeTuner.Tensors.Ggml.Native;

namespace CodeTuner.Tensors.Ggml;

/// <summary>
/// ggml in this process: its core, which the bindings call, and the libraries of its devices. A process loads one.
/// A library of another release is refused, as the bindings are written for the layouts and values of one.
/// </summary>
public sealed class GgmlLibrary
{
    private static readonly Lock Gate = new();
    private static GgmlLibrary? loaded;
    private static nint core;

    private readonly List<GgmlDevice> devices = [];
    private readonly List<string> problems = [];

    private GgmlLibrary(string folder) => Folder = folder;

    /// <summary>
    /// Told why the process ends, where ggml or a driver ends it: nothing can be done any more but to say so. It is what would have
    /// been thrown, a <see cref="DeviceLostException"/> or a <see cref="DeviceMemoryException"/>. Null writes its message to standard error.
    /// </summary>
    public static Action<Exception>? LastWords { get; set; }

    /// <summary>The folder it was loaded from.</summary>
    public string Folder { get; }

    /// <summary>The release, such as <c>0.23.0</c>.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Every device, GPUs first.</summary>
    public IReadOnlyList<GgmlDevice> Devices => devices;

    /// <summary>Device libraries that are there and can not be used: a sentence each, with what to do.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Finds and loads the libraries, once.</summary>
    /// <exception cref="GgmlLibraryException">They are missing, half-installed or of another release; or others were loaded before.</exception>
    public static GgmlLibrary Load(GgmlLibraryOptions? options = null)
    {
        options ??= new GgmlLibraryOptions();
        string folder = options.Find();
        lock (Gate)
        {
            if (loaded is null)
            {
                GgmlLibrary library = new(folder);
                if (!options.HalfPrecisionProducts)
                    NativeEnvironment.Set("GGML_VK_DISABLE_F16", "1");
                library.LoadCore();
                library.LoadDevices();
                loaded = library;
            }

            return loaded.Folder == folder ? loaded : throw new GgmlLibraryException(
                $"ggml was loaded from {loaded.Folder}; it can not be loaded from {folder} as well. Restart to change the folder.");
        }
    }

    /// <summary>Ends the process with exit code 1 and <see cref="LastWords"/>: for a device that does not answer, which nothing else can end.</summary>
    public static void EndProcess(Exception why)
    {
        SayLastWords(why);
        ProcessEnd.Now(1);
    }

    /// <summary>Tells why the process ends.</summary>
    internal static void SayLastWords(Exception why)
    {
        if (LastWords is { } say)
            say(why);
        else
            Console.Error.WriteLine(why.Message);
    }

    /// <summary>Loads ggml's core, or refuses it.</summary>
    /// <exception cref="GgmlLibraryException">It can not be loaded or is of another release.</exception>
    internal static nint Open(string file, out string version)
    {
        nint handle = OpenFile(file);
        if (!NativeLibrary.TryGetExport(handle, "ggml_version", out nint function))
        {
            NativeLibrary.Free(handle);
            throw new GgmlLibraryException($"{file} is not ggml, or of a release older than {GgmlRelease.Version}. {Reinstall}");
        }

        unsafe
        {
            version = Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint>)function)()) ?? "";
        }

        if (version == GgmlRelease.Version)
            return handle;
        NativeLibrary.Free(handle);
        throw new GgmlLibraryException($"{file} is ggml {version}; this program works with ggml {GgmlRelease.Version} alone. {Reinstall}");
    }

    private static string Reinstall => $"Install @node-llama-cpp/{GgmlLibraryOptions.Package ?? "…"} {GgmlRelease.Package} (\"npm ci\").";

    private static nint OpenFile(string file)
    {
        if (OperatingSystem.IsLinux() && !ElfFile.IsWhole(file))
            throw new GgmlLibraryException($"{file} is damaged or half-installed. {Reinstall}");
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            string what = failure.Message;
            if (what.Contains("libvulkan", StringComparison.Ordinal) || (IsVulkan(file) && !VulkanInstallation.HasLoader()))
                throw new GgmlLibraryException(VulkanInstallation.LoaderAdvice, failure);
            throw new GgmlLibraryException($"{file} can not be loaded: it is damaged, half-installed, or lacks a library that it needs. {Reinstall} ({what.ReplaceLineEndings(" ")})", failure);
        }
    }

    private void LoadCore()
    {
        core = Open(Path.Combine(Folder, GgmlLibraryOptions.CoreFile), out string version);
        Version = version;
        NativeLibrary.SetDllImportResolver(typeof(Native.Ggml).Assembly, Resolve);
        nuint size = Native.Ggml.TensorOverhead();
        unsafe
        {
            if (size != (nuint)(sizeof(GgmlTensorStruct) + GgmlRelease.ObjectSize))
                throw new GgmlLibraryException($"{Folder} holds a build of ggml whose tensors take {size} bytes, which these bindings do not know. {Reinstall}");
        }

        GgmlLog.Attach();
        UncaughtException.Attach();
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Native.Ggml.LibraryName ? core : 0;

    private void LoadDevices()
    {
        string[] files = [.. DeviceFiles(Folder)];
        foreach (string file in files)
            TryLoadDevices(file);
        if (files.Length == 0)
            problems.Add($"{Folder} holds ggml's core, but no library for a graphics card. {Reinstall}");
        if (BestCpuFile(Folder) is { } cpu)
            TryLoadDevices(cpu);
    }

    private static bool IsVulkan(string file) => Path.GetFileName(file).Contains("vulkan", StringComparison.Ordinal);

    private static IEnumerable<string> DeviceFiles(string folder) =>
        from kind in (string[])["cuda", "metal", "vulkan"]
        let file = Directory.EnumerateFiles(folder).FirstOrDefault(f => Path.GetFileName(f) is { } name
            && (name.StartsWith($"libggml-{kind}.", StringComparison.Ordinal) || name.StartsWith($"ggml-{kind}.", StringComparison.Ordinal)))
        where file is not null
        select file;

    /// <summary>The CPU library for the instructions that this machine has: the one that gives itself the best score.</summary>
    private static unsafe string? BestCpuFile(string folder)
    {
        (string? Best, int Score) found = (null, 0);
        foreach (string file in Directory.EnumerateFiles(folder).Where(f => Path.GetFileName(f).Contains("ggml-cpu-", StringComparison.Ordinal)))
        {
            if ((OperatingSystem.IsLinux() && !ElfFile.IsWhole(file)) || !NativeLibrary.TryLoad(file, out nint handle))
                continue;
            int score = NativeLibrary.TryGetExport(handle, "ggml_backend_score", out nint function) ? ((delegate* unmanaged[Cdecl]<int>)function)() : 0;
            NativeLibrary.Free(handle);
            if (score > found.Score)
                found = (file, score);
        }

        return found.Best;
    }

    private void TryLoadDevices(string file)
    {
        try
        {
            devices.AddRange(OpenDevices(file));
        }
        catch (GgmlLibraryException problem)
        {
            problems.Add(problem.Message);
        }
    }

    private unsafe List<GgmlDevice> OpenDevices(string file)
    {
        nint handle = OpenFile(file);
        if (!NativeLibrary.TryGetExport(handle, "ggml_backend_init", out nint function))
            throw new GgmlLibraryException($"{file} is not a library of a ggml device. {Reinstall}");
        GgmlLog.Clear();
        nint registry = ((delegate* unmanaged[Cdecl]<nint>)function)();
        if (registry == 0)
            throw new GgmlLibraryException(IsVulkan(file) ? WhyNoVulkan() : $"{Path.GetFileName(file)} found no driver that it can use; a newer graphics driver may help. {GgmlLog.Recent()}".TrimEnd());
        int version = Marshal.ReadInt32(registry); // the first field of ggml_backend_reg
        if (version != GgmlRelease.BackendApiVersion)
            throw new GgmlLibraryException($"{file} is of another release of ggml: its interface is version {version}, not {GgmlRelease.BackendApiVersion}. {Reinstall}");
        List<GgmlDevice> found = [];
        for (nuint i = 0; i < Native.Ggml.BackendRegistryDeviceCount(registry); i++)
            found.Add(new GgmlDevice(Native.Ggml.BackendRegistryDeviceGet(registry, i), registry));
        return IsVulkan(file) ? Usable(found) : found;
    }

    private static string WhyNoVulkan()
    {
        (IReadOnlyList<VulkanCard> cards, string? problem) = VulkanInstallation.Look();
        return problem ?? VulkanInstallation.WhyNone(cards, Environment.GetEnvironmentVariable(VulkanInstallation.Visible));
    }

    /// <summary>The devices that ggml can open without ending the process; why it can not open the others becomes a problem.</summary>
    private List<GgmlDevice> Usable(List<GgmlDevice> found)
    {
        if (found.Count == 0)
        {
            problems.Add(WhyNoVulkan());
            return found;
        }

        List<GgmlDevice> usable = [];
        IReadOnlyList<VulkanCard> cards = VulkanInstallation.Look().Cards;
        foreach (GgmlDevice device in found)
        {
            if (cards.FirstOrDefault(card => card.Name == device.Description)?.Problem is { } problem)
                problems.Add(problem);
            else
                usable.Add(device);
        }

        return usable;
    }
}
