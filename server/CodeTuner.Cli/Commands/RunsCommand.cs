using System.CommandLine;
using CodeTuner.Cli.Output;
using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Runs;
using Spectre.Console;

namespace CodeTuner.Cli.Commands;

/// <summary><c>runs</c>: what was tuned, and which of it is in use.</summary>
internal static class RunsCommand
{
    private static readonly Argument<string> Run = new("run") { Description = "The run's name.", HelpName = "RUN" };
    private static readonly Option<string> Workspace = new("--workspace") { Description = "The workspace's folder.", DefaultValueFactory = _ => ".", HelpName = "DIR" };

    private static readonly Option<string> Format = Choice("--format", "How to write the model.", "huggingface", "gguf");

    public static Command Create()
    {
        Argument<string> target = new("folder") { Description = "Where to put it; must not exist or be empty.", HelpName = "DIR" };
        return new Command("runs", "List, inspect, promote and delete tuned checkpoints.")
        {
            Make("list", "List the runs of the workspace.", [], (store, result) => List(store, result.GetValue(CommonOptions.Json))),
            Make("show", "Show a run.", [Run], (store, result) => Show(store, store.Get(result.GetValue(Run)!), result.GetValue(CommonOptions.Json))),
            Make("promote", "Use a run's model.", [Run], Promote),
            Make("rollback", "Go back to the model used before.", [], Rollback),
            Make("delete", "Delete a run.", [Run], Delete),
            Make("export", "Copy a run's model: in Hugging Face's layout, with its adapter where there is one, or as one GGUF file for llama.cpp.", [Run, target], (store, result) => Export(store.Get(result.GetValue(Run)!), result.GetValue(target)!, result), Format, GgufType.Option),
        };
    }

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    private static Command Make(string name, string description, Argument<string>[] arguments, Action<RunStore, ParseResult> action, params Option[] options)
    {
        Command command = new(name, description) { Workspace, CommonOptions.State, CommonOptions.Json };
        foreach (Option option in options)
            command.Add(option);
        foreach (Argument<string> argument in arguments)
            command.Add(argument);
        command.SetAction(result =>
        {
            action(new RunStore(result.GetValue(Workspace)!, result.GetValue(CommonOptions.State)), result);
            return ExitCode.Done;
        });
        return command;
    }

    private static void List(RunStore store, bool json)
    {
        string? promoted = store.Promoted.Run;
        if (json)
        {
            JsonOutput.Write(new { root = store.Root, promoted, runs = store.Runs.Select(r => Json(r.Info, promoted)) });
            return;
        }

        if (store.Runs.Count == 0)
        {
            Console.WriteLine($"{store.Root} has not been tuned. Start with \"codetuner tune\".");
            return;
        }

        Table table = new Table().Border(TableBorder.Rounded).AddColumns("run", "status", "steps", "gain (nats a token)", "in use");
        foreach (RunFolder run in store.Runs)
        {
            RunInfo info = run.Info;
            Interval? gain = info.Verdict?.LossGain;
            table.AddRow(info.Id, info.Status.ToString().ToLowerInvariant(), info.Steps.ToString("N0"), gain is null ? "" : Markup.Escape(Tuning.Reports.EvaluationTable.Format(gain)), info.Id == promoted ? "yes" : "");
        }

        AnsiConsole.Write(table);
    }

    private static void Show(RunStore store, RunFolder run, bool json)
    {
        if (json)
        {
            JsonOutput.Write(new { run = Json(run.Info, store.Promoted.Run), recipe = run.Recipe, @base = run.Before is { } b ? EvaluationJson.Of(b) : null, tuned = run.After is { } a ? EvaluationJson.Of(a) : null });
            return;
        }

        if (File.Exists(run.Report))
            Console.WriteLine(File.ReadAllText(run.Report).TrimEnd());
        else
            Console.WriteLine($"{run.Id}: {run.Info.Status.ToString().ToLowerInvariant()}, {run.Info.Steps} steps. {run.Info.Error}");
    }

    private static void Promote(RunStore store, ParseResult result)
    {
        string id = result.GetValue(Run)!;
        store.Promote(id);
        Say(result, new { promoted = id }, $"{id} is in use now.");
    }

    private static void Rollback(RunStore store, ParseResult result)
    {
        string? now = store.Rollback();
        Say(result, new { promoted = now }, now is null ? "The base model is in use now." : $"{now} is in use now.");
    }

    private static void Delete(RunStore store, ParseResult result)
    {
        string id = result.GetValue(Run)!;
        store.Delete(id);
        Say(result, new { deleted = id }, $"{id} is deleted.");
    }

    private static void Export(RunFolder run, string folder, ParseResult result)
    {
        if (result.GetValue(Format) == "gguf")
        {
            string file = run.ExportGguf(folder, GgufType.Of(result));
            Say(result, new { exported = run.Id, folder = Path.GetDirectoryName(file), file, bytes = new FileInfo(file).Length }, $"{run.Id} is in {file}.");
            return;
        }

        if (result.GetResult(GgufType.Option) is { Implicit: false })
            throw new UsageException("--type goes with --format gguf; Hugging Face's layout keeps the type that the model was tuned in.");
        string full = run.Export(folder);
        Say(result, new { exported = run.Id, folder = full }, $"{run.Id} is in {full}.");
    }

    private static void Say(ParseResult result, object json, string text)
    {
        if (result.GetValue(CommonOptions.Json))
            JsonOutput.Write(json);
        else
            Console.WriteLine(text);
    }

    private static object Json(RunInfo info, string? promoted) => new
    {
        id = info.Id, status = info.Status, started = info.Started, steps = info.Steps, inUse = info.Id == promoted,
        tokensPerSecond = info.TokensPerSecond, lossGain = info.Verdict?.LossGain, forgetting = info.Verdict?.Forgetting, canaries = info.Canaries, reason = info.Verdict?.Reason, error = info.Error,
    };
}
