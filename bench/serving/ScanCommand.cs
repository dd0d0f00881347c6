using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace CodeTuner.Serving;

/// <summary><c>scan</c>: how the time of a scan grows with the files.</summary>
internal static class ScanCommand
{
    public static Command Create()
    {
        Option<int[]> files = new("--files") { Description = "Numbers of files.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1000, 10_000, 100_000] };
        Option<int> rounds = new("--rounds") { Description = "Scans of each; the shortest counts.", DefaultValueFactory = _ => 2 };
        Option<string> program = new("--program")
        {
            Description = "codetuner.dll.",
            DefaultValueFactory = _ => Path.Combine(SampleWorkspace.Root, "server/CodeTuner.Cli/bin/Release/net10.0/codetuner.dll"),
        };
        Command command = new("scan", "Measure scans of generated trees.") { files, rounds, program };
        command.SetAction(result => Run(result.GetValue(files)!, result.GetValue(rounds), result.GetValue(program)!));
        return command;
    }

    private static void Run(int[] counts, int rounds, string program)
    {
        string folder = Directory.CreateTempSubdirectory("codetuner-scan-").FullName;
        try
        {
            foreach (int count in counts)
            {
                string tree = Path.Combine(folder, $"{count}");
                Make(tree, count);
                List<double> seconds = [];
                for (int i = 0; i < rounds; i++)
                    seconds.Add(Scan(program, tree));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} files: {seconds.Min():N2} s, {1e6 * seconds.Min() / count:N0} µs a file"));
                Directory.Delete(tree, recursive: true);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Files like each other in size, and different in words, so that none is a duplicate.
    private static void Make(string tree, int count)
    {
        for (int i = 0; i < count; i++)
        {
            string folder = Path.Combine(tree, $"area{i / 1000}", $"part{i / 50 % 20}");
            if (i % 50 == 0)
                Directory.CreateDirectory(folder);
            Random random = new(i);
            using StreamWriter writer = new(Path.Combine(folder, $"File{i}.cs"));
            writer.Write($"namespace Area{i / 1000};\n\npublic sealed class File{i}\n{{\n");
            for (int line = 0; line < 12; line++)
                writer.Write($"    public int Value{random.Next(1_000_000)}(int a{random.Next(10_000)}) => {random.Next()} + Name{random.Next(1_000_000)}.Of({random.Next()});\n");
            writer.Write("}\n");
        }
    }

    private static double Scan(string program, string tree)
    {
        ProcessStartInfo start = new("dotnet", [program, "scan", tree]) { RedirectStandardOutput = true, RedirectStandardError = true };
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The scan ended with {process.ExitCode}: {errors.Result}");
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
