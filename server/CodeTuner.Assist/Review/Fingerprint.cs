using System.Security.Cryptography;
using System.Text;

namespace CodeTuner.Assist.Review;

/// <summary>Names a line of a file so that a dismissal outlives edits around it and newer models.</summary>
internal static class Fingerprint
{
    private const int Bytes = 16;

    /// <summary>The first half of SHA-256 of the path and the line's words, in hexadecimal.</summary>
    public static string Of(string path, string line)
    {
        string words = string.Join(' ', LineWords.Of(line).Select(w => w.Word));
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{path.Replace('\\', '/')}\n{words}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, Bytes));
    }
}
