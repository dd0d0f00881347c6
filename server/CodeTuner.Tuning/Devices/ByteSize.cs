using System.Globalization;

namespace CodeTuner.Tuning.Devices;

/// <summary>An amount of memory for people.</summary>
internal static class ByteSize
{
    /// <summary>In gibibytes with one decimal, such as "6.1 GiB".</summary>
    /// <param name="bytes">The amount.</param>
    public static string Words(long bytes) => (bytes / (double)(1L << 30)).ToString("F1", CultureInfo.InvariantCulture) + " GiB";
}
