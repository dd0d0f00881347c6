using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using CodeTuner.Workspace.Duplicates;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Secrets;

namespace CodeTuner.Workspace.Scanning;

/// <summary>What became of one file. The document and its fingerprint are null where it was left out.</summary>
internal readonly record struct FileResult(ManifestEntry Entry, SourceDocument? Document = null, TextFingerprint? Fingerprint = null);

/// <summary>Decides about one file at a time, cheapest question first. Safe to use from many threads.</summary>
internal sealed class FileReading(string root, ScanOptions options, WorkspaceDisk disk, IReadOnlySet<string> allowedLicences)
{
    // As much as git itself looks at to tell binary from text.
    private const int SniffBytes = 8000;

    /// <summary>Why a file is left out without being read, or null.</summary>
    /// <param name="file">The file.</param>
    /// <param name="bytesBefore">How much source the files before it, by path, have.</param>
    public FileResult? WithoutReading(FoundFile file, long bytesBefore)
    {
        string name = file.Path[(file.Path.LastIndexOf('/') + 1)..];
        if (FileNameRules.Reason(name) is { } byName) return LeftOut(file, byName);
        if (file.Bytes > options.MaxFileBytes)
            return LeftOut(file, LeftOutReason.TooLarge, $"{file.Bytes:N0} bytes; the limit is {options.MaxFileBytes:N0}");
        // Pipes, sockets and devices have no length either, and opening one could wait for ever.
        if (file.Bytes == 0)
            return LeftOut(file, LanguageTable.Of(name) == Language.Unknown ? LeftOutReason.Language : LeftOutReason.Empty);
        if (bytesBefore + file.Bytes > options.MaxTotalBytes)
            return LeftOut(file, LeftOutReason.TooLarge, $"the workspace has more than {options.MaxTotalBytes:N0} bytes of source");
        return null;
    }

    /// <summary>Whether a file can be source, by its name: then it counts towards the limit on all files.</summary>
    public bool MayBeSource(FoundFile file)
    {
        Language language = LanguageTable.Of(file.Path);
        // Whether a ".h" file is C or C++ is known only when it has been read.
        return IsWanted(language) || (language == Language.C && IsWanted(Language.Cpp)) || HasNoExtension(file.Path);
    }

    /// <summary>Reads the file and decides.</summary>
    public FileResult Read(FoundFile file)
    {
        bool mayBeSource = MayBeSource(file);
        byte[] bytes;
        try
        {
            bytes = disk.Read(Path.Combine(root, file.Path), mayBeSource ? options.MaxFileBytes + 1 : SniffBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return LeftOut(file, LeftOutReason.Unreadable, e switch
            {
                UnauthorizedAccessException => "no permission",
                FileNotFoundException or DirectoryNotFoundException => "the file is gone",
                _ => "the file cannot be read",
            });
        }

        if (HasUtf16Mark(bytes)) return LeftOut(file, mayBeSource ? LeftOutReason.NotUtf8 : LeftOutReason.Language, mayBeSource ? "UTF-16 or UTF-32" : null);
        if (bytes.AsSpan().Contains((byte)0)) return LeftOut(file, LeftOutReason.Binary);
        if (!mayBeSource) return LeftOut(file, LeftOutReason.Language);
        if (bytes.Length > options.MaxFileBytes) return LeftOut(file, LeftOutReason.TooLarge, "the file grew while it was read");
        ReadOnlySpan<byte> content = bytes;
        if (content.StartsWith(Encoding.UTF8.Preamble)) content = content[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(content)) return LeftOut(file, HasNoExtension(file.Path) ? LeftOutReason.Language : LeftOutReason.NotUtf8);

        string text = Encoding.UTF8.GetString(content);
        Language language = LanguageTable.Of(file.Path, text);
        return IsWanted(language) ? OfText(file, language, text, bytes) : LeftOut(file, LeftOutReason.Language);
    }

    private FileResult OfText(FoundFile file, Language language, string text, byte[] bytes)
    {
        if (string.IsNullOrWhiteSpace(text)) return LeftOut(file, LeftOutReason.Empty);
        HeaderComment header = HeaderComment.Of(text, language);
        if (GeneratedCode.IsMarked(header)) return LeftOut(file, LeftOutReason.Generated);
        if (MinifiedCode.IsMinified(text, language)) return LeftOut(file, LeftOutReason.Minified);
        if (LicenceRules.Find(header) is { } licence && !allowedLicences.Contains(licence)) return LeftOut(file, LeftOutReason.LicenceFlagged, licence);
        IReadOnlyList<SecretFinding> secrets = SecretScanner.Find(text);
        if (secrets.Count > 0)
            return LeftOut(file, LeftOutReason.Secret, string.Join("; ", secrets.Take(3).Select(s => $"{s.RuleId} in line {s.Line}")));
        SourceDocument document = new(file.Path, language, text, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        // Two short files under the same long licence header are not alike: the header does not count.
        TextFingerprint fingerprint = NearDuplicateIndex.Fingerprint(text.AsSpan(header.End));
        return new FileResult(new ManifestEntry(file.Path, file.Bytes, null), document, fingerprint);
    }

    private bool IsWanted(Language language) =>
        language != Language.Unknown && (options.Languages.Count == 0 || options.Languages.Contains(language));

    private static bool HasNoExtension(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return !name.Contains('.');
    }

    // UTF-32's little-endian mark starts with UTF-16's.
    private static bool HasUtf16Mark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
        || bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]);

    private static FileResult LeftOut(FoundFile file, LeftOutReason reason, string? detail = null) =>
        new(new ManifestEntry(file.Path, file.Bytes, reason, detail));
}
