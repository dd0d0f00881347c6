using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace CodeTuner.Compare;

/// <summary>What llama.cpp wrote.</summary>
/// <param name="Tokens">The ids.</param>
/// <param name="LogProbabilities">The natural-log probability of each; null where the server left some out, as it does within a character.</param>
internal sealed record PeerContinuation(int[] Tokens, double[]? LogProbabilities);

/// <summary>llama.cpp's server as a child process.</summary>
internal sealed class LlamaServer : IDisposable
{
    private const int BestTokens = 10;

    private readonly Process process;
    private readonly HttpClient http;

    public LlamaServer(string peer, string gguf, int threads, int contextLength)
    {
        int port = FreePort();
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(2) };

        // Keys and values in float32 and no fused attention: what is left of a difference is the arithmetic of the weights.
        ProcessStartInfo start = new(Path.Combine(peer, "llama-server"),
        [
            "-m", gguf, "--host", "127.0.0.1", "--port", $"{port}", "-t", $"{threads}", "-c", $"{contextLength}", "-np", "1",
            "-fa", "off", "-ctk", "f32", "-ctv", "f32",
        ]) { RedirectStandardError = true, RedirectStandardOutput = true };
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        WaitUntilReady(gguf);
    }

    /// <summary>The ids of a text, sentinels in it taken as text, nothing added.</summary>
    public int[] Tokenize(string text)
    {
        using JsonDocument answer = Post("/tokenize", new { content = text, add_special = false, parse_special = false });
        return [.. answer.RootElement.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())];
    }

    /// <summary>Goes on after a prompt, always with the most probable token, beyond tokens that end a text too.</summary>
    public PeerContinuation Continue(int[] prompt, int tokens)
    {
        List<int> ids = [];
        List<double> probabilities = [];
        while (ids.Count < tokens)
        {
            // The server stops after a token that ends a text, and goes on beyond the wanted number to the end of a character.
            using JsonDocument answer = Complete([.. prompt, .. ids], tokens - ids.Count);
            ids.AddRange(answer.RootElement.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32()));
            probabilities.AddRange(Probabilities(answer).Select(t => t.GetProperty("logprob").GetDouble()));
        }

        return new PeerContinuation([.. ids.Take(tokens)], probabilities.Count == ids.Count ? [.. probabilities.Take(tokens)] : null);
    }

    /// <summary>The natural-log probabilities of the most probable tokens after a prompt; none where that is within a character.</summary>
    public IReadOnlyDictionary<int, double> BestAfter(int[] prompt)
    {
        using JsonDocument answer = Complete(prompt, 1);
        return Probabilities(answer).Take(1).SelectMany(t => t.GetProperty("top_logprobs").EnumerateArray())
            .ToDictionary(b => b.GetProperty("id").GetInt32(), b => b.GetProperty("logprob").GetDouble());
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
        process.Dispose();
        http.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void WaitUntilReady(string gguf)
    {
        for (Stopwatch waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(1); Thread.Sleep(100))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"llama-server ended with {process.ExitCode}: it does not take {gguf}.");
            try
            {
                using HttpResponseMessage health = http.GetAsync(new Uri("/health", UriKind.Relative)).GetAwaiter().GetResult();
                if (health.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }

        Dispose();
        throw new TimeoutException("llama-server did not start within a minute.");
    }

    private static IEnumerable<JsonElement> Probabilities(JsonDocument answer) =>
        answer.RootElement.TryGetProperty("completion_probabilities", out JsonElement list) ? list.EnumerateArray() : [];

    private JsonDocument Complete(int[] prompt, int tokens) => Post("/completion", new
    {
        prompt, n_predict = tokens, temperature = 0, n_probs = BestTokens, cache_prompt = false, return_tokens = true, samplers = new[] { "temperature" },
    });

    private JsonDocument Post(string path, object body)
    {
        using HttpResponseMessage response = http.PostAsJsonAsync(path, body).GetAwaiter().GetResult();
        string text = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        return response.IsSuccessStatusCode ? JsonDocument.Parse(text) : throw new InvalidOperationException($"llama-server answered {response.StatusCode}: {text}");
    }
}
