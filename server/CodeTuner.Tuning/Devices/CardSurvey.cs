using CodeTuner.Tensors.Ggml;

namespace CodeTuner.Tuning.Devices;

/// <summary>The graphics cards of this machine, or why there are none.</summary>
/// <param name="Cards">Those that ggml can compute on.</param>
/// <param name="Problem">What kept it from more, with what to do about it; empty where nothing did.</param>
public sealed record CardSurvey(IReadOnlyList<GgmlDevice> Cards, string Problem)
{
    /// <summary>Asks ggml. The libraries are loaded at the first time: some tenths of a second, more where a driver is slow.</summary>
    /// <param name="search">Where ggml's libraries are looked for.</param>
    public static CardSurvey Take(GgmlLibraryOptions? search = null)
    {
        try
        {
            GgmlLibrary library = GgmlLibrary.Load(search);
            return new([.. library.Devices.Where(d => d.Kind is GgmlDeviceKind.Gpu or GgmlDeviceKind.IntegratedGpu)], string.Join(' ', library.Problems));
        }
        catch (GgmlLibraryException e)
        {
            return new([], e.Message);
        }
    }
}
