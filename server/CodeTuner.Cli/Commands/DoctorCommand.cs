using System.CommandLine;
using CodeTuner.Cli.Output;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Health;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.Cli.Commands;

/// <summary><c>doctor</c>: whether this machine has what CodeTuner needs.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Command command = new("doctor", "Check whether this machine has what CodeTuner needs.") { CommonOptions.Model, CommonOptions.State, CommonOptions.Json };
        command.SetAction(result => Run(
            result.GetValue(CommonOptions.State) ?? RunStore.DefaultState(), result.GetValue(CommonOptions.Model), result.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(string state, string? model, bool json)
    {
        // A driver that crashes or hangs must not take the doctor with it.
        CardSurvey? cards = CardProbe.Problem(CardProbe.ThisProgram("codetuner", ComputeDevice.Automatic)) is { } problem ? new CardSurvey([], problem) : null;
        IReadOnlyList<HealthCheck> checks = HealthChecks.Run(state, model, cards);
        bool healthy = checks.All(c => c.Status != HealthStatus.Error);
        if (json)
        {
            JsonOutput.Write(new
            {
                healthy,
                checks = checks.Select(c => new { name = c.Name, passed = c.Status != HealthStatus.Error, status = c.Status, detail = c.Detail, items = c.Items, advice = c.Advice }),
            });
        }
        else
        {
            foreach (HealthCheck check in checks)
            {
                Console.WriteLine($"{Word(check.Status)} {check.Name}: {check.Detail}{(check.Advice is null ? "" : $". {check.Advice}")}");
                foreach (string item in check.Items)
                    Console.WriteLine($"       {item}");
            }
        }

        return healthy ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Ok => "ok  ",
        HealthStatus.Warning => "note",
        _ => "FAIL",
    };
}
