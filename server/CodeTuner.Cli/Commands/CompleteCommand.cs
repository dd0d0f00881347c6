using System.CommandLine;
using System.Text.Json;
using CodeTuner.Assist.Completion;
using CodeTuner.Assist.Context;
using CodeTuner.Cli.Output;
using CodeTuner.Models.Generation;
using CodeTuner.Tensors;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Runs;
using CodeTuner.Workspace;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.Cli.Commands;

/// <summary><c>complete</c>: what the model would write at a place.</summary>
internal static class CompleteCommand
{
    private static readonly Argument<string?> FileName = new("file") { Description = "The file to complete in; without it, {\"path\",\"prefix\",\"suffix\"} is read from standard input.", Arity = ArgumentArity.ZeroOrOne, HelpName = "FILE" };
    private static readonly Option<int> Line = new("--line") { Description = "The cursor's line, from 1.", HelpName = "L" };
    private static readonly Option<int> Column = new("--column") { Description = "The cursor's column, from 1, in UTF-16 units.", HelpName = "C" };
    private static readonly Option<string?> Cases = new("--cases") { Description = "JSON lines of {\"path\",\"prefix\",\"suffix\"}, answered in order.", HelpName = "FILE" };
    private static readonly Option<string> Checkpoint = new("--checkpoint") { Description = "base, promoted, or a run.", DefaultValueFactory = _ => "promoted", HelpName = "base|promoted|RUN" };
    // A small model answers sooner from the processor than a card is opened.
    private static readonly Option<string> Device = new("--device") { Description = CommonOptions.Device.Description, DefaultValueFactory = _ => ComputeDevice.Processor, HelpName = "NAME" };
    private static readonly Option<string?> Workspace = new("--workspace") { Description = "The workspace: its promoted model, and its files for similar code.", HelpName = "DIR" };

    public static Command Create()
    {
        Command command = new("complete", "Write what comes at a place in a file.")
        {
            FileName, Line, Column, Cases, Checkpoint, Workspace, CommonOptions.Model, Device, CommonOptions.GpuMemory, CommonOptions.Threads, CommonOptions.State, CommonOptions.Json,
        };
        command.SetAction((result, cancellation) => Task.FromResult(Run(result, cancellation)));
        return command;
    }

    private static int Run(ParseResult result, CancellationToken cancellation)
    {
        string? folder = result.GetValue(Workspace);
        IEnumerable<CompletionRequest> requests = Requests(result, folder);
        RunStore store = new(folder ?? ".", result.GetValue(CommonOptions.State));
        using CardSession card = CardSession.Open(result, Device);
        using Backend backend = CommonOptions.Backend(result, card.Device);
        using DecoderLanguageModel model = ServedModel.Load(store, result.GetValue(Checkpoint)!, result.GetValue(CommonOptions.Model), backend);
        CompletionEngine engine = new(model, Path.GetFileName(store.Root), folder is null ? null : ContextOf(folder, cancellation));
        bool json = result.GetValue(CommonOptions.Json) || result.GetValue(Cases) is not null;
        foreach (CompletionRequest request in requests)
        {
            CompletionResult answer = engine.Complete(request, cancellation);
            if (json)
                JsonOutput.Write(new { text = answer.Text, tokens = answer.Tokens, milliseconds = Math.Round(answer.Milliseconds, 1), logprob = answer.LogProbability });
            else
                Console.WriteLine(answer.Text);
        }

        return ExitCode.Done;
    }

    private static WorkspaceContext ContextOf(string folder, CancellationToken cancellation)
    {
        WorkspaceContext context = new();
        foreach (SourceDocument document in WorkspaceScanner.Scan(folder, new ScanOptions { AsksGit = true }, null, cancellation).Documents)
            context.Set(document);
        return context;
    }

    private static IEnumerable<CompletionRequest> Requests(ParseResult result, string? workspace)
    {
        if (result.GetValue(Cases) is { } cases)
            return File.ReadLines(cases).Where(l => l.Trim().Length > 0).Select((line, i) => Parse(line, $"{cases}, line {i + 1}"));
        if (result.GetValue(FileName) is not { } file)
            return [Parse(Console.In.ReadToEnd(), "standard input")];
        if (result.GetValue(Line) < 1 || result.GetValue(Column) < 1)
            throw new UsageException("Name the place with --line L --column C, both from 1.");
        return [AtPlace(file, result.GetValue(Line), result.GetValue(Column), workspace)];
    }

    private static CompletionRequest Parse(string json, string where)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            string Text(string name) => document.RootElement.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";
            if (!document.RootElement.TryGetProperty("prefix", out _))
                throw new UsageException($"{where} has no \"prefix\". Give {{\"path\",\"prefix\",\"suffix\"}}.");
            return new CompletionRequest(Text("path"), Text("prefix"), Text("suffix"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new UsageException($"{where} is not {{\"path\",\"prefix\",\"suffix\"}} in JSON: {e.Message}");
        }
    }

    private static CompletionRequest AtPlace(string file, int line, int column, string? workspace)
    {
        string text = File.ReadAllText(file);
        int at = 0;
        for (int i = 1; i < line; i++)
        {
            int end = text.IndexOf('\n', at);
            if (end < 0)
                throw new UsageException($"{file} has only {i} lines; there is no line {line}.");
            at = end + 1;
        }

        int lineEnd = text.IndexOf('\n', at);
        if (lineEnd > at && text[lineEnd - 1] == '\r')
            lineEnd--;
        at = Math.Min(at + column - 1, lineEnd < 0 ? text.Length : lineEnd);
        string path = workspace is null ? Path.GetFileName(file) : Path.GetRelativePath(workspace, file).Replace('\\', '/');
        return new CompletionRequest(path, text[..at], text[at..]);
    }
}
