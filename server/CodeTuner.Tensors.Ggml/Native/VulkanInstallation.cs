using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.Ggml.Native;

/// <summary>A card as its Vulkan driver describes it.</summary>
/// <param name="Name">The card's name, which ggml takes for its description.</param>
/// <param name="Version">The version of Vulkan that the driver speaks.</param>
/// <param name="IsProcessor">Whether the driver draws on the processor.</param>
/// <param name="HasSmallStorage">Whether its buffers can hold 16-bit values.</param>
internal sealed record VulkanCard(string Name, Version Version, bool IsProcessor, bool HasSmallStorage)
{
    /// <summary>Why ggml can not use it, or null: it would end the process where it opens such a card.</summary>
    public string? Problem =>
        Version < VulkanInstallation.Needed ? $"The driver of {Name} speaks Vulkan {Version.ToString(2)}, and {VulkanInstallation.Needed} is needed. {VulkanInstallation.DriverAdvice}"
        : !HasSmallStorage ? $"The driver of {Name} has no 16-bit storage, which is needed. {VulkanInstallation.DriverAdvice}"
        : null;
}

/// <summary>
/// What Vulkan itself says of its loader, drivers and cards. ggml prints why it takes none where nobody hears it, and opens
/// cards that it can not use. Source of names, numbers and layouts: the Vulkan specification.
/// </summary>
internal static unsafe class VulkanInstallation
{
    /// <summary>The environment variable by which ggml is told which cards it may use.</summary>
    public const string Visible = "GGML_VK_VISIBLE_DEVICES";

    /// <summary>The version of Vulkan that ggml needs.</summary>
    public static readonly Version Needed = new(1, 2);

    private const int IncompatibleDriver = -9, InitializationFailed = -3, Success = 0, Incomplete = 5, ProcessorType = 4, MostCards = 64;
    private const int PropertiesSize = 1024, NameOffset = 20, TypeOffset = 16; // VkPhysicalDeviceProperties takes 824 bytes
    private const int Features2Type = 1000059000, Vulkan11FeaturesType = 49;

    // Those that choose drivers, newest name first. Source: the Vulkan loader's documentation.
    private static readonly string[] DriverVariables = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES", "VK_LOADER_DRIVERS_SELECT", "VK_LOADER_DRIVERS_DISABLE"];

    /// <summary>The loader's file on this platform.</summary>
    public static string LoaderFile => OperatingSystem.IsWindows() ? "vulkan-1.dll" : "libvulkan.so.1";

    /// <summary>What to do where the loader is missing.</summary>
    public static string LoaderAdvice => $"There is no Vulkan loader ({LoaderFile}). " + (OperatingSystem.IsWindows()
        ? "It comes with the graphics driver: install the newest one of the card's maker."
        : "Install it: the package libvulkan1 on Debian and Ubuntu, vulkan-loader on Fedora, vulkan-icd-loader on Arch.");

    /// <summary>What to do where a driver is missing or too old.</summary>
    public static string DriverAdvice => OperatingSystem.IsWindows()
        ? "Install the newest driver of the card's maker."
        : "Install a newer driver: mesa-vulkan-drivers for AMD and Intel, the maker's own for NVIDIA.";

    /// <summary>Whether the loader is there.</summary>
    public static bool HasLoader()
    {
        bool found = NativeLibrary.TryLoad(LoaderFile, out nint loader);
        if (found)
            NativeLibrary.Free(loader);
        return found;
    }

    /// <summary>The cards, or why there are none.</summary>
    public static (IReadOnlyList<VulkanCard> Cards, string? Problem) Look()
    {
        if (!NativeLibrary.TryLoad(LoaderFile, out nint loader))
            return ([], LoaderAdvice);
        try
        {
            Version version = LoaderVersion(loader);
            if (version < Needed)
                return ([], $"The Vulkan loader is of version {version.ToString(2)}, and {Needed} is needed. {DriverAdvice}");
            return Cards(loader);
        }
        catch (EntryPointNotFoundException e)
        {
            return ([], $"{LoaderFile} is no Vulkan loader: {e.Message} {DriverAdvice}");
        }
        finally
        {
            NativeLibrary.Free(loader);
        }
    }

    /// <summary>Why ggml takes none of the cards that are there, as far as one can tell.</summary>
    /// <param name="cards">Those that are there.</param>
    /// <param name="visible">What the environment says of those that ggml may use, or null.</param>
    public static string WhyNone(IReadOnlyList<VulkanCard> cards, string? visible)
    {
        string all = string.Join(", ", cards.Select((card, i) => $"{i} ({card.Name})"));
        if (visible is not null)
        {
            return cards.Count == 0
                ? $"The environment variable {Visible} is \"{visible}\", but Vulkan's drivers find no card. {DriverAdvice}"
                : $"The environment variable {Visible} is \"{visible}\"; the cards are {all}. Correct it or take it away.";
        }

        return cards.Count == 0 ? $"Vulkan's drivers find no card.{Chosen()} {DriverAdvice}"
            : cards.All(card => card.IsProcessor) ? $"Vulkan finds no card but {all}, which draws on the processor.{Chosen()}"
            : $"ggml can use none of the cards {all}. {DriverAdvice}";
    }

    private static Version LoaderVersion(nint loader)
    {
        // Vulkan 1.0 has no such function.
        if (!NativeLibrary.TryGetExport(loader, "vkEnumerateInstanceVersion", out nint function))
            return new Version(1, 0);
        uint version;
        _ = ((delegate* unmanaged<uint*, int>)function)(&version);
        return Unpacked(version);
    }

    private static (IReadOnlyList<VulkanCard> Cards, string? Problem) Cards(nint loader)
    {
        ApplicationInfo application = new() { ApiVersion = (uint)((Needed.Major << 22) | (Needed.Minor << 12)) };
        InstanceCreateInfo info = new() { Type = 1, Application = &application };
        nint instance;
        int result = ((delegate* unmanaged<InstanceCreateInfo*, nint, nint*, int>)Export(loader, "vkCreateInstance"))(&info, 0, &instance);
        if (result == IncompatibleDriver)
            return ([], $"Vulkan finds no graphics driver.{Chosen()} {DriverAdvice}");
        if (result != Success)
            return ([], $"Vulkan can not be opened (error {result}).{Chosen()} {DriverAdvice}");
        try
        {
            nint* devices = stackalloc nint[MostCards];
            uint count = MostCards;
            result = ((delegate* unmanaged<nint, uint*, nint*, int>)Export(loader, "vkEnumeratePhysicalDevices"))(instance, &count, devices);
            if (result == InitializationFailed)
                return ([], null); // what the loader says where no driver finds a card
            if (result is not (Success or Incomplete))
                return ([], $"Vulkan can not list the cards (error {result}). {DriverAdvice}");
            List<VulkanCard> cards = [];
            for (int i = 0; i < (int)count; i++)
                cards.Add(Describe(loader, devices[i]));
            return (cards, null);
        }
        finally
        {
            ((delegate* unmanaged<nint, nint, void>)Export(loader, "vkDestroyInstance"))(instance, 0);
        }
    }

    private static VulkanCard Describe(nint loader, nint device)
    {
        byte* properties = stackalloc byte[PropertiesSize];
        ((delegate* unmanaged<nint, byte*, void>)Export(loader, "vkGetPhysicalDeviceProperties"))(device, properties);
        Version version = Unpacked(*(uint*)properties);
        Features11 small = new() { Type = Vulkan11FeaturesType };
        Features2 features = new() { Type = Features2Type, Next = &small };
        // A driver of 1.0 has no such function.
        if (version >= new Version(1, 1))
            ((delegate* unmanaged<nint, Features2*, void>)Export(loader, "vkGetPhysicalDeviceFeatures2"))(device, &features);
        string name = Marshal.PtrToStringUTF8((nint)(properties + NameOffset)) ?? "";
        return new VulkanCard(name, version, *(int*)(properties + TypeOffset) == ProcessorType, small.StorageBuffer16BitAccess != 0);
    }

    // Somebody may have chosen the drivers by hand.
    private static string Chosen() => string.Concat(
        from variable in DriverVariables
        let value = Environment.GetEnvironmentVariable(variable)
        where !string.IsNullOrEmpty(value)
        select $" The environment variable {variable} chooses the drivers: \"{value}\".");

    private static nint Export(nint loader, string name) => NativeLibrary.GetExport(loader, name);

    private static Version Unpacked(uint version) => new((int)((version >> 22) & 0x7F), (int)((version >> 12) & 0x3FF));

    [StructLayout(LayoutKind.Sequential)]
    private struct ApplicationInfo
    {
        public int Type;
        public nint Next, Name;
        public uint Version;
        public nint Engine;
        public uint EngineVersion, ApiVersion;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct InstanceCreateInfo
    {
        public int Type;
        public nint Next;
        public uint Flags;
        public ApplicationInfo* Application;
        public uint LayerCount;
        public nint Layers;
        public uint ExtensionCount;
        public nint Extensions;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Features2
    {
        public int Type;
        public Features11* Next;
        public fixed uint Features[55];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Features11
    {
        public int Type;
        public nint Next;
        public uint StorageBuffer16BitAccess;
        public fixed uint Others[11];
    }
}
