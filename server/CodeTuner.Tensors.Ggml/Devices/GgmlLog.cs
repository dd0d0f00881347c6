using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CodeTuner.Tensors.Ggml.Native;

namespace CodeTuner.Tensors.Ggml;

/// <summary>What ggml says, kept instead of printed: standard output belongs to the protocol. The last lines go into error messages.</summary>
internal static unsafe class GgmlLog
{
    private const int Kept = 40;
    private static readonly Queue<string> Lines = new();
    private static string unfinished = "";

    /// <summary>Takes over ggml's log.</summary>
    public static void Attach()
    {
        Native.Ggml.LogSet((nint)(delegate* unmanaged[Cdecl]<GgmlLogLevel, nint, nint, void>)&Take, 0);
        Native.Ggml.SetAbortCallback((nint)(delegate* unmanaged[Cdecl]<nint, void>)&Abort);
    }

    /// <summary>The last lines since <see cref="Clear"/>.</summary>
    public static string Recent()
    {
        lock (Lines)
            return string.Join(' ', Lines.Append(unfinished).Where(line => line.Length > 0));
    }

    /// <summary>Forgets what was said.</summary>
    public static void Clear()
    {
        lock (Lines)
            Lines.Clear();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Take(GgmlLogLevel level, nint text, nint data)
    {
        _ = (level, data);
        lock (Lines)
        {
            string[] parts = (unfinished + Marshal.PtrToStringUTF8(text)).Split('\n');
            unfinished = parts[^1];
            foreach (string part in parts.SkipLast(1))
            {
                Lines.Enqueue(part.Trim());
                if (Lines.Count > Kept)
                    Lines.Dequeue();
            }
        }
    }

    /// <summary>ggml ends the process after this returns; the reason must not be lost with it.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Abort(nint message) => GgmlLibrary.SayLastWords(
        new DeviceLostException($"ggml stopped the process: {Marshal.PtrToStringUTF8(message)} {Recent()}".TrimEnd()));
}
