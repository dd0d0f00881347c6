using System.Runtime.InteropServices;

namespace CodeTuner.LanguageServer.Features.Tuning;

/// <summary>Whether the machine runs on its battery.</summary>
internal sealed partial class PowerSupply(string linuxFolder = "/sys/class/power_supply")
{
    private bool? _clientSays;

    /// <summary>Whether it does; no where that cannot be told.</summary>
    public bool IsOnBattery => _clientSays ?? (OperatingSystem.IsLinux() ? OnLinux() : OperatingSystem.IsWindows() ? OnWindows() : false);

    /// <summary>The client knows better: the server may run elsewhere, or on a system that is not asked here.</summary>
    public void ClientSays(bool onBattery) => _clientSays = onBattery;

    // Source: the kernel's Documentation/ABI/testing/sysfs-class-power.
    private bool OnLinux()
    {
        try
        {
            string[] supplies = Directory.Exists(linuxFolder) ? Directory.GetDirectories(linuxFolder) : [];
            bool onMains = supplies.Any(s => Read(s, "type") is "Mains" or "USB" && Read(s, "online") == "1");
            bool discharging = supplies.Any(s => Read(s, "type") == "Battery" && Read(s, "scope") != "Device" && Read(s, "status") == "Discharging");
            return discharging && !onMains;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool OnWindows() => GetSystemPowerStatus(out SystemPowerStatus status) && status.AcLineStatus == 0;

    private static string Read(string supply, string name)
    {
        string path = Path.Combine(supply, name);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }

    [LibraryImport("kernel32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetSystemPowerStatus(out SystemPowerStatus status);

    // Source: winbase.h, SYSTEM_POWER_STATUS.
    [StructLayout(LayoutKind.Sequential)]
    private struct SystemPowerStatus
    {
        public byte AcLineStatus;
        public byte BatteryFlag;
        public byte BatteryLifePercent;
        public byte SystemStatusFlag;
        public uint BatteryLifeTime;
        public uint BatteryFullLifeTime;
    }
}
