using System.Diagnostics;
using System.Text.Json;

namespace CodeTuner.Compare.Training;

/// <summary>One side of the comparison: a process of its own, so that its peak of memory is its own, that waits while the other works.</summary>
internal sealed class TrainingSide : IDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;

    private TrainingSide(string program, IEnumerable<string> arguments)
    {
        process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        errors = process.StandardError.ReadToEndAsync();
        using JsonDocument hello = JsonDocument.Parse(ReadLine());
        Name = hello.RootElement.GetProperty("name").GetString()!;
    }

    /// <summary>What it says of itself.</summary>
    public string Name { get; }

    /// <summary>This engine, started as another process of this program.</summary>
    public static TrainingSide Here(string job) => Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet"
        ? new TrainingSide(host, [typeof(TrainingSide).Assembly.Location, TrainHereCommand.Name, job])
        : new TrainingSide(Environment.ProcessPath!, [TrainHereCommand.Name, job]);

    /// <summary>PyTorch.</summary>
    public static TrainingSide There(string python, string job) =>
        new(python, [Path.Combine(Samples.Root, "bench", "compare", "torch_step.py"), job]);

    public TrainingReply Steps(int count)
    {
        process.StandardInput.WriteLine(count);
        process.StandardInput.Flush();
        return JsonSerializer.Deserialize<TrainingReply>(ReadLine(), TrainingReply.Json)!;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
            process.Kill();
        process.Dispose();
    }

    private string ReadLine() => process.StandardOutput.ReadLine()
        ?? throw new InvalidOperationException($"{process.StartInfo.FileName} ended: {errors.GetAwaiter().GetResult().Trim()}");
}
