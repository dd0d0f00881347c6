using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace CodeTuner.Serving;

/// <summary><c>pauses</c>: how long the collector stops the server while somebody writes.</summary>
internal static class PausesCommand
{
    public static Command Create()
    {
        Option<double> minutes = new("--minutes") { Description = "How long to write.", DefaultValueFactory = _ => 3 };
        Option<int> pause = new("--pause") { Description = "Milliseconds from one line to the next.", DefaultValueFactory = _ => 250 };
        Command command = new("pauses", "Measure the collector's pauses.") { ServerOption.Paths, minutes, pause };
        command.SetAction((result, _) => RunAsync(result.GetValue(ServerOption.Paths)![0], TimeSpan.FromMinutes(result.GetValue(minutes)), result.GetValue(pause)));
        return command;
    }

    private static async Task<int> RunAsync(string server, TimeSpan length, int pause)
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
            int completions = 0, hovers = 0;
            await using (ServerClient client = ServerClient.Start(server, environment))
            {
                await client.InitializeAsync(workspace, Path.Combine(folder, "state"));
                using IEnumerator<Place> places = SampleWorkspace.Places(100_000, 4).GetEnumerator();
                for (Stopwatch all = Stopwatch.StartNew(); all.Elapsed < length && places.MoveNext();)
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
            }

            (string Kind, double Milliseconds)[] pauses = [.. File.ReadLines(found).Select(l => l.Split(' ')).Select(l => (l[0], double.Parse(l[1], CultureInfo.InvariantCulture)))];
            Console.WriteLine($"{completions} completions and {hovers} hovers in {length.TotalMinutes:N1} minutes; {pauses.Length} collections");
            foreach (var kind in pauses.GroupBy(p => p.Kind).OrderBy(k => k.Key, StringComparer.Ordinal))
            {
                double[] sorted = [.. kind.Select(p => p.Milliseconds).Order()];
                Console.WriteLine($"{kind.Key}: {sorted.Length} pauses, {new Spread(sorted).Text("N2")} ms, longest {sorted[^1]:N2} ms");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
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
