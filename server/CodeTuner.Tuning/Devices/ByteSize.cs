using System.Globalization;

namespace CodeTuner.Tuning.Devices;

/// <summary>An amount of memory for people.</summary>
internal static class ByteSize
{
    /// <summary>In gibibytes with one decimal, such as "6.1 GiB", or in whole mebibytes where it is less than one.</summary>
    /// <param name="bytes">The amount.</param>
    public static string Words(long bytes) => bytes < 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):F0} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):F1} GiB");
}
