using CodeTuner.LanguageServer.Features.Generation;
using CodeTuner.LanguageServer.Features.Hover;
using CodeTuner.LanguageServer.Features.InlineCompletion;
using CodeTuner.LanguageServer.Features.Machine;
using CodeTuner.LanguageServer.Features.Review;
using CodeTuner.LanguageServer.Features.Runs;
using CodeTuner.LanguageServer.Features.Statistics;
using CodeTuner.LanguageServer.Features.Translation;
using CodeTuner.LanguageServer.Features.Tuning;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Scheduling;
using CodeTuner.LanguageServer.Serving;
using CodeTuner.LanguageServer.Workspaces;

namespace CodeTuner.LanguageServer;

/// <summary>The list of what the server can do: each method with who handles it, and what <c>initialize</c> says of it.</summary>
internal static class ServerFeatures
{
    /// <summary>Adds every feature to a server that does not run yet.</summary>
    public static void AddTo(LspServer server)
    {
        // Lifecycle
        server.Handlers.AddInOrder(ServerMethods.Initialize, server.Initialize);
        server.Handlers.Add(ServerMethods.Initialized, server.Initialized);
        server.Handlers.AddInOrder(ServerMethods.Shutdown, server.Shutdown);
        server.Handlers.Add(ServerMethods.Exit, server.Exit);
        server.Handlers.Add(ServerMethods.CancelRequest, server.Scheduler.Cancel);
        server.Handlers.Add(ServerMethods.WorkDoneProgressCancel, server.Progress.Cancel);

        // Documents
        server.Handlers.Add(ServerMethods.DidOpen, server.Documents.Open);
        server.Handlers.Add(ServerMethods.DidChange, server.Documents.Change);
        server.Handlers.Add(ServerMethods.DidSave, server.Documents.Save);
        server.Handlers.Add(ServerMethods.DidClose, server.Documents.Close);
        server.Documents.Changed += _ => BackgroundCollector.Process.Wake();
        server.Announce(capabilities => capabilities with
        {
            TextDocumentSync = new() { OpenClose = true, Change = TextDocumentSyncKind.Incremental, Save = new() { IncludeText = false } },
        });

        // Workspace
        server.Handlers.Add(ServerMethods.DidChangeConfiguration, server.Settings.OnChanged);
        server.Handlers.Add(ServerMethods.DidChangeWorkspaceFolders, server.Folders.Change);
        server.Announce(capabilities => capabilities with
        {
            Workspace = new() { WorkspaceFolders = new() { Supported = true, ChangeNotifications = true } },
        });

        // Tuning
        TuneHandlers tunes = new(server.Sessions, server.Services);
        AutomaticTune automatic = new(server.Sessions, server.Services, tunes);
        _ = new StatusNotifier(server.Sessions, server.Services);
        server.Sessions.Opened += session => InterruptedTune.GoOn(session, server.Services);
        server.Handlers.Add(ExtensionMethods.Status, tunes.StatusAsync);
        server.Handlers.Add(ExtensionMethods.Tune, tunes.TuneAsync);
        server.Handlers.Add(ExtensionMethods.PauseTune, tunes.PauseAsync);
        server.Handlers.Add(ExtensionMethods.CancelTune, tunes.CancelAsync);
        server.Handlers.Add(ExtensionMethods.UserIsIdle, automatic.Hear);
        server.Handlers.Add(ExtensionMethods.DidGrantTrust, _ => server.Trust.Grant());

        // Runs
        RunHandlers runs = new(server.Sessions);
        server.Handlers.Add(ExtensionMethods.Runs, runs.ListAsync);
        server.Handlers.Add(ExtensionMethods.Run, runs.ShowAsync);
        server.Handlers.Add(ExtensionMethods.Promote, runs.PromoteAsync);
        server.Handlers.Add(ExtensionMethods.Rollback, runs.RollbackAsync);
        server.Handlers.Add(ExtensionMethods.DeleteRun, runs.DeleteAsync);
        server.Handlers.Add(ExtensionMethods.ExportRun, runs.ExportAsync);

        // Completion
        InlineCompletionHandler completion = new(server.Sessions, server.Services);
        server.Services.CompletionMemory.Follow(server.Documents, server.Sessions);
        server.Handlers.Add(ServerMethods.InlineCompletion, completion.CompleteAsync, RequestPolicy.NewestOnCurrentText);
        server.Handlers.Add(ExtensionMethods.DidShowCompletion, completion.Shown);
        server.Commands.Add(InlineCompletionHandler.AcceptedCommand, completion.AcceptedAsync);
        server.Announce(capabilities => capabilities with { InlineCompletionProvider = new() });
        server.Handlers.Add(ExtensionMethods.Statistics, new StatisticsHandler(server.Services).ShowAsync);

        // Other files
        WorkspaceIndexer indexer = new(server.Sessions, server.Services, server.Documents);
        indexer.Follow();
        server.Started = cancellation => indexer.WatchAsync(server.Client, cancellation);
        server.Sessions.Opened += session => session.WarmUp();
        server.Trust.Granted += () => server.Sessions.All.ToList().ForEach(s => s.WarmUp());
        server.CurrentSettings.Changed += () => server.Sessions.All.ToList().ForEach(s => s.WarmUp());
        server.Handlers.Add(ServerMethods.DidChangeWatchedFiles, indexer.FilesChanged);

        // Hover
        HoverHandler hover = new(server.Sessions, server.Services, server.Client);
        server.Handlers.Add(ServerMethods.Hover, hover.HoverAsync, RequestPolicy.CurrentText);
        server.Announce(capabilities => capabilities with { HoverProvider = new() });

        // Review
        ReviewBoard board = new(server.Sessions, server.Services, server.Documents, server.Client);
        board.Follow();
        DiagnosticHandler diagnostics = new(board, server.Services);
        CodeActionHandler actions = new(board, server.Client);
        server.Handlers.Add(ServerMethods.Diagnostic, diagnostics.DiagnoseAsync, RequestPolicy.CurrentText);
        server.Handlers.Add(ExtensionMethods.Review, diagnostics.ReviewAsync);
        server.Handlers.Add(ServerMethods.CodeAction, actions.ActAsync, RequestPolicy.CurrentText);
        server.Commands.Add(CodeActionHandler.DismissCommand, actions.DismissAsync);
        server.Announce(capabilities => capabilities with
        {
            DiagnosticProvider = new(InterFileDependencies: false, WorkspaceDiagnostics: false) { Identifier = "codetuner" },
            CodeActionProvider = new() { CodeActionKinds = [CodeActionKind.QuickFix] },
        });

        // Generation and translation
        GenerationHandlers generation = new(server.Sessions, server.Services);
        server.Handlers.Add(ExtensionMethods.GenerateFromComment, generation.GenerateAsync, RequestPolicy.CurrentText);
        server.Handlers.Add(ExtensionMethods.Summarize, generation.SummarizeAsync, RequestPolicy.CurrentText);
        TranslationHandlers translation = new(server.Sessions, server.Services);
        server.Handlers.Add(ExtensionMethods.Translate, translation.TranslateAsync);
        server.Handlers.Add(ExtensionMethods.Languages, translation.LanguagesAsync);

        // The machine
        MachineHandlers machine = new(server.Sessions, server.Services);
        server.Handlers.Add(ExtensionMethods.Models, machine.ModelsAsync);
        server.Handlers.Add(ExtensionMethods.Doctor, machine.DoctorAsync);

        // Commands
        server.Handlers.Add(ServerMethods.ExecuteCommand, server.Commands.ExecuteAsync);
        server.Announce(capabilities => server.Commands.Names is { Length: > 0 } names
            ? capabilities with { ExecuteCommandProvider = new(names) }
            : capabilities);
    }
}
