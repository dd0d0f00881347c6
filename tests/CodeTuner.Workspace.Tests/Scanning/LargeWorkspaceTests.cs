using CodeTuner.Tests;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.Workspace.Tests.Scanning;

public class LargeWorkspaceTests
{
    // Making and deleting the files takes most of the time. CODETUNER_SCAN_FILES=100000 gives the full size.
    private static readonly int Files =
        int.TryParse(Environment.GetEnvironmentVariable("CODETUNER_SCAN_FILES"), out int files) ? files : 20_000;

    [Fact]
    public void ManySmallFilesComeInTheOrderOfTheirPaths()
    {
        using var folder = new TemporaryFolder();
        const int perFolder = 1000;
        for (int d = 0; d < Files / perFolder; d++)
        {
            string inside = Directory.CreateDirectory(Path.Combine(folder.Path, $"d{d}")).FullName;
            for (int f = 0; f < perFolder; f++) File.WriteAllText(Path.Combine(inside, $"f{f}.py"), $"def f_{d}_{f}(a_{f}, b_{d}):\n    return a_{f} + b_{d} * {d}\n");
        }

        var reports = new List<ScanProgress>();
        var progress = new Listener(p =>
        {
            lock (reports) reports.Add(p);
        });
        WorkspaceScan scan = WorkspaceScanner.Scan(folder.Path, progress: progress);
        Assert.Equal(Files / perFolder * perFolder, scan.Manifest.Count);
        Assert.Equal(scan.Manifest.Count, scan.Documents.Count);
        Assert.Equal(scan.Documents.Select(d => d.Path).Order(StringComparer.Ordinal), scan.Documents.Select(d => d.Path));
        Assert.Contains(new ScanProgress(scan.Manifest.Count, scan.Documents.Count), reports);
        Assert.All(reports, p => Assert.InRange(p.FilesKept, 0, p.FilesSeen));
    }

    [Fact]
    public void TheNumberOfThreadsDoesNotChangeTheResult()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(9);
        for (int f = 0; f < 400; f++)
        {
            // A few templates with small changes: many duplicates, some near the threshold.
            IEnumerable<string> lines = Enumerable.Range(0, 30).Select(i => random.Next(8) == 0 ? $"changed_{random.Next(1000)} = 1" : $"line_{f % 5}_{i} = {i}");
            folder.File($"d{random.Next(20)}/f{f}.py", string.Join('\n', lines));
        }

        WorkspaceScan one = WorkspaceScanner.Scan(folder.Path, new ScanOptions { MaxParallelism = 1 });
        WorkspaceScan many = WorkspaceScanner.Scan(folder.Path, new ScanOptions { MaxParallelism = 8 });
        Assert.Equal(one.Manifest, many.Manifest);
        Assert.Equal(one.Documents, many.Documents);
        Assert.InRange(one.Documents.Count, 10, 390);
    }

    private sealed class Listener(Action<ScanProgress> listen) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value) => listen(value);
    }
}
