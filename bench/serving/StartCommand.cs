using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CodeTuner.Serving;

/// <summary><c>start</c>: from the start of the process to the answer of the first completion.</summary>
internal static class StartCommand
{
    public static Command Create()
    {
        Option<int> rounds = new("--rounds") { Description = "Starts of each server.", DefaultValueFactory = _ => 10 };
        Option<string[]> set = new("--set") { Description = "NAME=VALUE of the environment for the last server named.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        Command command = new("start", "Measure cold starts.") { ServerOption.Paths, rounds, set };
        command.SetAction((result, _) => RunAsync(result.GetValue(ServerOption.Paths)!, result.GetValue(rounds), result.GetValue(set)!));
        return command;
    }

    private static async Task<int> RunAsync(string[] servers, int rounds, string[] set)
    {
        Dictionary<string, string> environment = set.Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => s[1]);
        string folder = Directory.CreateTempSubdirectory("codetuner-start-").FullName;
        try
        {
            string workspace = Path.Combine(folder, "workspace");
            SampleWorkspace.CopyTo(workspace);
            Dictionary<int, List<(double Initialized, double Answered)>> times = [];
            for (int round = -1; round < rounds; round++)
            {
                for (int i = 0; i < servers.Length; i++)
                {
                    var time = await StartAsync(servers[i], workspace, Path.Combine(folder, "state"), i == servers.Length - 1 ? environment : []);
                    if (!times.TryGetValue(i, out var list))
                        times[i] = list = [];
                    if (round >= 0) // the first reads the files from the disk
                        list.Add(time);
                }
            }

            for (int i = 0; i < servers.Length; i++)
            {
                Console.WriteLine($"{servers[i]}{(i == servers.Length - 1 ? string.Concat(set.Select(s => " " + s)) : "")}: "
                    + $"initialized {new Spread(times[i].Select(t => t.Initialized)).Text("N0")} ms, first completion {new Spread(times[i].Select(t => t.Answered)).Text("N0")} ms");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task<(double Initialized, double Answered)> StartAsync(string server, string workspace, string state, Dictionary<string, string> environment)
    {
        Place place = SampleWorkspace.Places(1, 1).First();
        string uri = ServerClient.Uri(Path.Combine(workspace, place.Path));
        await using ServerClient client = ServerClient.Start(server, environment);
        await client.InitializeAsync(workspace, state);
        double initialized = Stopwatch.GetElapsedTime(client.StartedAt).TotalMilliseconds;
        client.Show(uri, place.Prefix(0) + place.Suffix);
        JsonNode? answer = await client.CompleteAsync(uri, place.Prefix(0));
        double answered = Stopwatch.GetElapsedTime(client.StartedAt).TotalMilliseconds;
        if (answer?["items"] is null)
            Console.Error.WriteLine("The first completion was empty.");
        return (initialized, answered);
    }
}
