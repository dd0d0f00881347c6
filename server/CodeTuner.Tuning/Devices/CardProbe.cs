using System.ComponentModel;
using System.Diagnostics;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Ggml;

namespace CodeTuner.Tuning.Devices;

/// <summary>
/// Opens a graphics card in a process of its own first and computes something there: a driver that crashes or hangs takes only
/// that process with it.
/// </summary>
public static class CardProbe
{
    /// <summary>The argument that makes a program such a process; the device's name follows it.</summary>
    public const string Argument = "--probe-cards";

    private const int Size = 32, Wrong = 3;

    /// <summary>What the process does: computes a product on the card. Without one, or without ggml's libraries, nothing is wrong.</summary>
    /// <param name="wanted">What the user wants to compute.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string wanted)
    {
        try
        {
            ComputeDevice device = ComputeDevice.Choose(wanted);
            if (device.Card is null)
                return 0;
            Console.WriteLine(device.Name);
            using Backend backend = device.CreateBackend(new CpuBackendOptions(), 1);
            if (Computes(backend))
                return 0;
            Console.Error.WriteLine("It computes wrongly.");
            return Wrong;
        }
        catch (TuningException)
        {
            return 0; // a card that is not there is told to whoever wants it
        }
        catch (Exception e) when (CardFailure.Is(e))
        {
            Console.Error.WriteLine(e.Message);
            return Wrong;
        }
    }

    /// <summary>Why the card must be left alone; null where nothing speaks against it.</summary>
    /// <param name="start">The program that probes.</param>
    /// <param name="search">Where ggml's libraries are looked for; without them there is nothing to probe.</param>
    /// <param name="patience">How long it may take; null is what the environment says, or a minute.</param>
    public static string? Problem(ProcessStartInfo start, GgmlLibraryOptions? search = null, TimeSpan? patience = null)
    {
        try
        {
            start.Environment[GgmlLibraryOptions.Variable] = (search ?? new GgmlLibraryOptions()).Find();
        }
        catch (GgmlLibraryException)
        {
            return null;
        }

        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        start.CreateNoWindow = true;
        string card = "The graphics card", said = "";
        using Process? process = TryStart(start);
        if (process is null)
            return null;
        process.OutputDataReceived += (_, line) => card = line.Data is { Length: > 0 } name ? name : card;
        process.ErrorDataReceived += (_, line) => said = line.Data is { Length: > 0 } words ? words.Trim() : said;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(patience ?? SignsOfLife.FromEnvironment(TimeSpan.FromMinutes(1))))
        {
            process.Kill(entireProcessTree: true);
            return $"{card} did not answer when it was opened. Install the newest driver for it.";
        }

        process.WaitForExit(); // until all that it said was read
        return process.ExitCode == 0
            ? null
            : $"{card} failed when it was tried in a process of its own (code {process.ExitCode}{(said.Length > 0 ? $": {said}" : "")}). Install the newest driver for it.";
    }

    /// <summary>This program as the one that probes.</summary>
    /// <param name="program">Its name, without the extension.</param>
    /// <param name="wanted">What the user wants to compute.</param>
    public static ProcessStartInfo ThisProgram(string program, string wanted)
    {
        string path = Path.Combine(AppContext.BaseDirectory, program);
        string executable = OperatingSystem.IsWindows() ? path + ".exe" : path;
        return File.Exists(executable)
            ? new ProcessStartInfo(executable, [Argument, wanted])
            : new ProcessStartInfo("dotnet", [path + ".dll", Argument, wanted]);
    }

    // Where no process can be started nothing is known of the card, as if it had not been tried.
    private static Process? TryStart(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static bool Computes(Backend backend)
    {
        Tensor a = backend.Allocate(new Shape(Size, Size)), b = backend.Allocate(new Shape(Size, Size)), product = backend.Allocate(new Shape(Size, Size));
        backend.Fill(a, 1);
        backend.Fill(b, 2);
        backend.MatMul(product, a, b, MatMulLayout.NN);
        float[] values = new float[Size * Size];
        backend.Read(product, values);
        return values.All(value => value == 2 * Size);
    }
}
