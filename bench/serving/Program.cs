using System.CommandLine;
using CodeTuner.Serving;

// Measures what a typist waits for; README.md tells what each command prints.
RootCommand root = new("Measures the serving of completions.")
{
    PromptCommand.Create(),
    StartCommand.Create(),
    TuneCommand.Create(),
    PausesCommand.Create(),
    ScanCommand.Create(),
    StorageCommand.Create(),
    DraftsCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
