using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Tuning.Datasets;

/// <summary>
/// Draws the replay samples on a thread of its own. Until <see cref="Wait"/> returns the model is in use: nobody else may touch it.
/// </summary>
internal sealed class ReplayDraw : IDisposable
{
    private const int Length = 64;

    private readonly CancellationTokenSource stop;
    private readonly Task<List<int[]>> work;

    public ReplayDraw(LanguageModel model, FimFormat format, int count, ulong seed, CancellationToken cancellationToken)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        CancellationToken token = stop.Token;
        work = Task.Run(() => ReplaySampler.Draw(model, format, count, Length, seed, null, token), CancellationToken.None);
    }

    /// <summary>The samples; waits for them.</summary>
    public List<int[]> Wait() => work.GetAwaiter().GetResult();

    /// <summary>Stops the drawing where it is not done, and waits until the model is free.</summary>
    public void Dispose()
    {
        stop.Cancel();
        work.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
        stop.Dispose();
    }
}
