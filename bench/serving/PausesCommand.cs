using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace CodeTuner.Serving;

/// <summary><c>pauses</c>: how long the collector stops the server while somebody writes.</summary>
internal static class PausesCommand
{
    public static Command Create()
    {
        Option<double> minutes = new("--minutes") { Description = "How long to write.", DefaultValueFactory = _ => 3 };
        Option<int> pause = new("--pause") { Description = "Milliseconds from one line to the next.", DefaultValueFactory = _ => 250 };
        Option<bool> tune = new("--tune") { Description = "Tune in the background for a fifth of the time, after a quarter of it." };
        Option<double> idle = new("--idle") { Description = "Seconds without a request at the end; memory is given back after twenty.", DefaultValueFactory = _ => 0 };
        Option<bool> allocations = new("--allocations") { Description = "Sample what is allocated too, which itself allocates." };
        Command command = new("pauses", "Measure the collector's pauses.") { ServerOption.Paths, minutes, pause, tune, idle, allocations };
        command.SetAction((result, _) => RunAsync(
            result.GetValue(ServerOption.Paths)![0], TimeSpan.FromMinutes(result.GetValue(minutes)), result.GetValue(pause), result.GetValue(tune),
            TimeSpan.FromSeconds(result.GetValue(idle)), result.GetValue(allocations)));
        return command;
    }

    private static async Task<int> RunAsync(string server, TimeSpan length, int pause, bool tune, TimeSpan idle, bool allocations)
    {
        string folder = Directory.CreateTempSubdirectory("codetuner-pauses-").FullName;
        try
        {
            string workspace = Path.Combine(folder, "workspace"), found = Path.Combine(folder, "pauses.txt");
            SampleWorkspace.CopyTo(workspace);
            Dictionary<string, string> environment = new()
            {
                ["DOTNET_STARTUP_HOOKS"] = typeof(PausesCommand).Assembly.Location, [StartupHook.Variable] = found,
            };
            if (allocations)
                environment[StartupHook.AllocationsVariable] = "1";
            string did;
            await using (ServerClient client = ServerClient.Start(server, environment))
            {
                await client.InitializeAsync(workspace, Path.Combine(folder, "state"));
                Task<int> steps = tune ? TuneAsync(client, length / 4, length / 5) : Task.FromResult(0);
                did = await WriteAsync(client, workspace, length, pause) + (tune ? $", beside {await steps} steps of a tune" : "");
                long busy = client.Memory;
                await Task.Delay(idle);
                did += $"; {busy >> 20} MB, {client.Memory >> 20} MB after {idle.TotalSeconds:N0} idle seconds";
            }

            string[][] lines = [.. File.ReadLines(found).Select(l => l.Split(' '))];
            Print(did, [.. lines.Where(l => l[0] == "pause").Select(Pause.Parse)]);
            PrintAllocations([.. lines.Where(l => l[0] == "allocated")]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task<string> WriteAsync(ServerClient client, string workspace, TimeSpan length, int pause)
    {
        int completions = 0, hovers = 0;
        using IEnumerator<Place> places = SampleWorkspace.Places(100_000, 4).GetEnumerator();
        Stopwatch all = Stopwatch.StartNew();
        while (all.Elapsed < length && places.MoveNext())
        {
            Place place = places.Current;
            string uri = ServerClient.Uri(Path.Combine(workspace, place.Path));
            for (int written = 0; written < place.Gap.Length; written++)
            {
                client.Show(uri, place.Prefix(written) + place.Suffix);
                await client.CompleteAsync(uri, place.Prefix(written));
                completions++;
                await Task.Delay(pause);
            }

            if (NamePlace(place) is { } name)
            {
                await client.HoverAsync(uri, name);
                hovers++;
            }
        }

        return $"{completions} completions and {hovers} hovers in {all.Elapsed.TotalMinutes:N1} minutes";
    }

    private static async Task<int> TuneAsync(ServerClient client, TimeSpan after, TimeSpan length)
    {
        await Task.Delay(after);
        await client.RequestAsync("codetuner/tune", new JsonObject { ["minutes"] = Math.Max(1, Math.Ceiling(length.TotalMinutes) + 1) });
        await Task.Delay(length);
        JsonNode? status = await client.RequestAsync("codetuner/status", []);
        await client.RequestAsync("codetuner/cancelTune", []);
        return status?["folders"]?[0]?["tune"]?["step"]?.GetValue<int>() ?? 0;
    }

    private static void Print(string did, Pause[] pauses)
    {
        Console.WriteLine($"{did}; {pauses.Length} pauses; in milliseconds, and what of it the threads took to stop");
        foreach (var kind in pauses.GroupBy(p => p.Kind).OrderBy(k => k.Key, StringComparer.Ordinal))
            Console.WriteLine($"{kind.Key}: {kind.Count()}, {new Spread(kind.Select(p => p.Whole)).Text("N2")}, longest {Longest(kind, 5)}");

        static string Longest(IEnumerable<Pause> pauses, int count) =>
            string.Join(", ", pauses.OrderByDescending(p => p.Whole).Take(count).Select(p => $"{p.Whole:N1} ({p.Stopping:N1}) at {p.At}"));
    }

    // Of small objects one in about 100 kB is noted; of large ones almost each, and what they take goes back to the system in a pause.
    private static void PrintAllocations(string[][] lines)
    {
        foreach (var type in lines.CountBy(l => (Kind: l[^2], Type: string.Join(' ', l[1..^2]))).OrderByDescending(t => t.Value).Take(30))
            Console.WriteLine($"{type.Value,6} {type.Key.Kind} {type.Key.Type}");
        foreach (string[] line in lines.Where(l => l[^2] == "large").OrderByDescending(l => long.Parse(l[^1], CultureInfo.InvariantCulture)).Take(30))
            Console.WriteLine($"{long.Parse(line[^1], CultureInfo.InvariantCulture) >> 10,6:N0} KiB {string.Join(' ', line[1..^2])}");
    }

    // A name of a method without a comment: what a summary is made for.
    private static string? NamePlace(Place place)
    {
        string text = place.Prefix(0);
        int at = text.LastIndexOf("    private static ", StringComparison.Ordinal);
        int end = at < 0 ? -1 : text.IndexOf('(', at);
        return end < 0 ? null : text[..(end - 1)];
    }
}

/// <summary>Once that the collector held all threads.</summary>
/// <param name="Kind">What for.</param>
/// <param name="Whole">Milliseconds.</param>
/// <param name="Stopping">Those of them until all threads stood: a thread without a processor stands late.</param>
/// <param name="At">The time of day.</param>
internal sealed record Pause(string Kind, double Whole, double Stopping, string At)
{
    /// <summary>A line that <see cref="StartupHook"/> wrote.</summary>
    public static Pause Parse(string[] line) =>
        new(line[1], double.Parse(line[2], CultureInfo.InvariantCulture), double.Parse(line[3], CultureInfo.InvariantCulture), line[4]);
}
