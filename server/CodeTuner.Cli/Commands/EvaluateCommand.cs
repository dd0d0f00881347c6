using System.CommandLine;
using CodeTuner.Cli.Output;
using CodeTuner.Models.Generation;
using CodeTuner.Tensors;
using CodeTuner.Tuning;
using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.Cli.Commands;

/// <summary><c>evaluate</c>: base against a tuned checkpoint, on the held-out code of a run.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        Option<string?> run = new("--run") { Description = "The run (default: the promoted one, else the newest finished).", HelpName = "RUN" };
        Command command = new("evaluate", "Measure the base and a tuned model again on the held-out code of a run.")
        {
            CommonOptions.Workspace, run, CommonOptions.Model, CommonOptions.Device, CommonOptions.GpuMemory, CommonOptions.Threads, CommonOptions.State, CommonOptions.Json,
        };
        command.SetAction((result, cancellation) =>
        {
            RunStore store = CommonOptions.Store(result);
            RunFolder folder = Choose(store, result.GetValue(run));
            EvaluationData data = folder.EvaluationData ?? throw new TuningException($"The run {folder.Id} has no held-out code. Tune again.");
            using CardSession card = CardSession.Open(result, CommonOptions.Device);
            using Backend backend = CommonOptions.Backend(result, card.Device);
            EvaluationResult Measure(string model)
            {
                using DecoderLanguageModel loaded = DecoderLanguageModel.Load(model, backend);
                return new Evaluator().Evaluate(loaded, data.Spots, data.Sequences, null, cancellation);
            }

            EvaluationResult before = Measure(result.GetValue(CommonOptions.Model) is { } other ? Models.Hub.ModelCatalog.Find(other) : folder.Recipe!.BaseModel);
            EvaluationResult after = Measure(ServedModel.Folder(store, folder.Id, null));
            if (result.GetValue(CommonOptions.Json))
                JsonOutput.Write(new { run = folder.Id, @base = EvaluationJson.Of(before), tuned = EvaluationJson.Of(after) });
            else
                TuneResultView.WriteTable(before, after);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static RunFolder Choose(RunStore store, string? name)
    {
        if (name is not null || store.Promoted.Run is not null)
            return store.Get(name ?? store.Promoted.Run!);
        return store.Runs.FirstOrDefault(r => r.Info.Status == RunStatus.Done && Directory.Exists(r.Model))
            ?? throw new TuningException($"{store.Root} has no finished run. Start one with \"codetuner tune\".");
    }
}
