using System.CommandLine;
using CodeTuner.Cli.Output;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.Cli.Commands;

/// <summary><c>scan</c>: what would be learned, and why the rest would not.</summary>
internal static class ScanCommand
{
    public static Command Create()
    {
        Option<bool> files = new("--files") { Description = "List every file with what becomes of it." };
        Command command = new("scan", "Show which files a tune would read and which it would leave out, and why.")
        {
            CommonOptions.Workspace, files, CommonOptions.Json,
        };
        command.SetAction((result, cancellation) =>
        {
            WorkspaceScan scan = WorkspaceScanner.Scan(result.GetValue(CommonOptions.Workspace)!, new ScanOptions { AsksGit = true }, null, cancellation);
            if (result.GetValue(CommonOptions.Json))
                WriteJson(scan, result.GetValue(files));
            else
                WriteText(scan, result.GetValue(files));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void WriteJson(WorkspaceScan scan, bool files) => JsonOutput.Write(new
    {
        root = scan.Root,
        kept = scan.Documents.Count,
        languages = scan.LanguageCounts.ToDictionary(l => l.Language.Identifier(), l => new { files = l.Files, characters = l.Characters }),
        leftOut = scan.LeftOutCounts.ToDictionary(p => p.Key.Word(), p => p.Value),
        files = files ? scan.Manifest.Select(e => new { path = e.Path, bytes = e.Bytes, kept = e.LeftOut is null, reason = e.LeftOut?.Word(), detail = e.Detail }) : null,
    });

    private static void WriteText(WorkspaceScan scan, bool files)
    {
        ScanSummary.Write(scan.Documents.Count, [.. scan.LanguageCounts.Select(l => (l.Language, l.Files))], scan.LeftOutCounts);
        if (!files)
            return;
        foreach (ManifestEntry entry in scan.Manifest)
            Console.WriteLine($"{entry.LeftOut?.Word() ?? "kept",-16} {entry.Path}{(entry.Detail is null ? "" : $"  ({entry.Detail})")}");
    }
}
