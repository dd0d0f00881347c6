using CodeTuner.Assist.Statistics;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Scheduling;
using CodeTuner.LanguageServer.Workspaces;

namespace CodeTuner.LanguageServer.Features.Statistics;

/// <summary><c>codetuner/statistics</c>: counted here, shown to the user alone.</summary>
internal sealed class StatisticsHandler(SessionServices services)
{
    public Task<Protocol.Extensions.Statistics> ShowAsync(NoParams parameters, RequestContext context)
    {
        CompletionCounts counts = services.CompletionMemory.Statistics.Counts;
        RetentionShare[] retention =
            [.. counts.Retention.Select(r => new RetentionShare(r.Seconds, r.Of) { Share = r.Of == 0 ? null : (double)r.Kept / r.Of })];
        LatencyFigures latency = new(counts.Latency.Count()) { P50 = counts.Latency.Quantile(0.5), P95 = counts.Latency.Quantile(0.95) };
        return Task.FromResult(new Protocol.Extensions.Statistics(counts.Shown, counts.Accepted, counts.CharactersAccepted, retention, latency));
    }
}
