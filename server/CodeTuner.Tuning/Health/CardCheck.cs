using CodeTuner.Tensors.Ggml;
using CodeTuner.Tuning.Devices;

namespace CodeTuner.Tuning.Health;

/// <summary>Looks for graphics cards. None is needed, so what is missing is no error.</summary>
internal static class CardCheck
{
    private const string Name = "graphics card";

    public static HealthCheck Run(CardSurvey survey)
    {
        if (survey.Cards.Count == 0)
            return new HealthCheck(Name, HealthStatus.Ok, $"none; the processor computes. {survey.Problem}".TrimEnd());
        string detail = string.Join("; ", survey.Cards.Select(Describe));
        return survey.Problem.Length == 0 ? new HealthCheck(Name, HealthStatus.Ok, detail) : new HealthCheck(Name, HealthStatus.Warning, detail, survey.Problem);
    }

    private static string Describe(GgmlDevice card)
    {
        GgmlMemory memory = card.Memory;
        string software = ComputeDevice.IsWorthIt(card) ? "" : ", drawn by the processor, so it is used only where it is named";
        return $"{card}, {memory.Free / 1e9:F1} of {memory.Total / 1e9:F1} GB free{software}";
    }
}
