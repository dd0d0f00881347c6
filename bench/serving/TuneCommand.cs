using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CodeTuner.Serving;

/// <summary><c>tune</c>: completions alone and beside a tune, and the tune alone and beside one completion a second.</summary>
internal static class TuneCommand
{
    public static Command Create()
    {
        Option<int> rounds = new("--rounds") { Description = "Rounds of both sides.", DefaultValueFactory = _ => 3 };
        Option<double> seconds = new("--seconds") { Description = "Seconds of each side of a round.", DefaultValueFactory = _ => 15 };
        Command command = new("tune", "Measure completions and a tune beside each other.") { ServerOption.Paths, rounds, seconds };
        command.SetAction((result, _) => RunAsync(result.GetValue(ServerOption.Paths)![0], result.GetValue(rounds), TimeSpan.FromSeconds(result.GetValue(seconds))));
        return command;
    }

    private static async Task<int> RunAsync(string server, int rounds, TimeSpan window)
    {
        string folder = Directory.CreateTempSubdirectory("codetuner-tune-").FullName;
        try
        {
            string workspace = Path.Combine(folder, "workspace");
            SampleWorkspace.CopyTo(workspace);
            await using ServerClient client = ServerClient.Start(server);
            await client.InitializeAsync(workspace, Path.Combine(folder, "state"));
            using IEnumerator<Place> places = SampleWorkspace.Places(100_000, 1).GetEnumerator();
            await CompleteAsync(client, workspace, places, TimeSpan.FromSeconds(4), TimeSpan.FromMilliseconds(100));
            List<double> alone = await CompleteAsync(client, workspace, places, window, TimeSpan.FromMilliseconds(200));

            Console.Error.WriteLine("Waiting for the first steps …");
            await client.RequestAsync("codetuner/tune", new JsonObject { ["minutes"] = 30 });
            while (await StepAsync(client) < 2)
                await Task.Delay(100);
            List<double> beside = [], free = [], shared = [];
            for (int i = 0; i < rounds; i++)
            {
                free.AddRange(await StepsAsync(client, window));
                Task<List<double>> steps = StepsAsync(client, window);
                beside.AddRange(await CompleteAsync(client, workspace, places, window, TimeSpan.FromSeconds(1)));
                shared.AddRange(await steps);
            }

            List<double> dense = await CompleteAsync(client, workspace, places, window, TimeSpan.FromMilliseconds(200));
            await client.RequestAsync("codetuner/cancelTune", []);
            Spread a = new(alone), b = new(beside.Concat(dense)), undisturbed = new(free), disturbed = new(shared);
            Console.WriteLine($"completion alone: {a.Text("N1")} ms, p95 {a.Quantile(0.95):N1} ms, {alone.Count} of them");
            Console.WriteLine($"completion beside a tune: {b.Text("N1")} ms, p95 {b.Quantile(0.95):N1} ms, {beside.Count + dense.Count} of them");
            Console.WriteLine($"p95 over p95: {b.Quantile(0.95) / a.Quantile(0.95):N2}");
            Console.WriteLine($"seconds a step, alone: {undisturbed.Text("N3")}, {free.Count} of them; beside one completion a second: {disturbed.Text("N3")}, {shared.Count} of them");
            Console.WriteLine($"throughput over undisturbed, medians: {undisturbed.Median / disturbed.Median:N3}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    // Each at another place, so that nothing is answered from memory.
    private static async Task<List<double>> CompleteAsync(ServerClient client, string workspace, IEnumerator<Place> places, TimeSpan length, TimeSpan pause)
    {
        List<double> times = [];
        for (Stopwatch all = Stopwatch.StartNew(); all.Elapsed < length && places.MoveNext();)
        {
            Place place = places.Current;
            string uri = ServerClient.Uri(Path.Combine(workspace, place.Path));
            client.Show(uri, place.Prefix(0) + place.Suffix);
            long start = Stopwatch.GetTimestamp();
            await client.CompleteAsync(uri, place.Prefix(0));
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            times.Add(took.TotalMilliseconds);
            await Task.Delay(pause > took ? pause - took : TimeSpan.Zero);
        }

        return times;
    }

    // The seconds of each whole step in a window; validations in between are no steps.
    private static async Task<List<double>> StepsAsync(ServerClient client, TimeSpan length)
    {
        List<double> seconds = [];
        long last = 0;
        int step = await StepAsync(client);
        for (Stopwatch all = Stopwatch.StartNew(); all.Elapsed < length;)
        {
            await Task.Delay(10);
            int now = await StepAsync(client);
            if (now == step)
                continue;
            long at = Stopwatch.GetTimestamp();
            if (last != 0)
                seconds.Add(Stopwatch.GetElapsedTime(last, at).TotalSeconds / (now - step));
            (step, last) = (now, at);
        }

        return seconds;
    }

    private static async Task<int> StepAsync(ServerClient client)
    {
        JsonNode? tune = (await client.RequestAsync("codetuner/status", []))?["folders"]?[0]?["tune"];
        return tune is null ? throw new InvalidOperationException("The tune has ended before the measurement.") : tune["step"]?.GetValue<int>() ?? 0;
    }
}
