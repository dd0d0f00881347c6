using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.Cli.Output;

/// <summary>What was read and what was left out, in a few lines.</summary>
internal static class ScanSummary
{
    private static readonly Dictionary<LeftOutReason, string> Explanations = new()
    {
        [LeftOutReason.Ignored] = "a .gitignore says so (folders count once)",
        [LeftOutReason.Binary] = "not text",
        [LeftOutReason.Generated] = "written by a program",
        [LeftOutReason.Minified] = "squeezed into few long lines",
        [LeftOutReason.Vendored] = "somebody else's code",
        [LeftOutReason.TooLarge] = "over the size limit",
        [LeftOutReason.NotUtf8] = "not UTF-8",
        [LeftOutReason.Secret] = "seems to hold a password, key or token",
        [LeftOutReason.Duplicate] = "the same as a file that is kept, or nearly",
        [LeftOutReason.LicenceFlagged] = "its header names a licence to be careful with",
        [LeftOutReason.Language] = "not in a language that CodeTuner learns",
        [LeftOutReason.Unreadable] = "cannot be read",
        [LeftOutReason.Link] = "a symbolic link",
        [LeftOutReason.Empty] = "nothing in it",
    };

    public static void Write(int kept, IReadOnlyList<(Language Language, int Files)> languages, IReadOnlyDictionary<LeftOutReason, int> leftOut)
    {
        string list = string.Join(", ", languages.Select(l => $"{l.Files} {l.Language.DisplayName()}"));
        Console.WriteLine($"Read: {kept:N0} {(kept == 1 ? "file" : "files")}{(list.Length > 0 ? $" ({list})" : "")}");
        if (leftOut.Count == 0)
            return;
        Console.WriteLine("Left out:");
        foreach ((LeftOutReason reason, int count) in leftOut.OrderByDescending(p => p.Value))
            Console.WriteLine($"  {count,7:N0}  {reason.Word(),-16} {Explanations[reason]}");
    }
}
