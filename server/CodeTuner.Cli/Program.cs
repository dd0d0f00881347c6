using System.CommandLine;
using CodeTuner.Cli;
using CodeTuner.Cli.Commands;
using CodeTuner.Tuning.Devices;

if (args is [CardProbe.Argument, { } wanted])
    return CardProbe.Run(wanted);

// What the command line can do, in the order of its help.
RootCommand root = new("CodeTuner tunes a local code model on a workspace and completes code with it. Nothing leaves this machine.")
{
    TuneCommand.Create(),
    EvaluateCommand.Create(),
    CompleteCommand.Create(),
    ScanCommand.Create(),
    RunsCommand.Create(),
    ModelsCommand.Create(),
    DoctorCommand.Create(),
};
return await CommandRunner.RunAsync(root, args);
