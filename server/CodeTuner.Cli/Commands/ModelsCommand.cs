using System.CommandLine;
using CodeTuner.Cli.Output;
using CodeTuner.Models;
using CodeTuner.Models.Architectures;
using CodeTuner.Models.Checkpoints.Gguf;
using CodeTuner.Models.Hub;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Cli.Commands;

/// <summary><c>models</c>: the base models on this machine.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        Command list = new("list", "List the base models on this machine.") { CommonOptions.Json };
        list.SetAction(result =>
        {
            long memory = MemoryEstimate.Available();
            var models = ModelCatalog.Models.Select(m => (Model: m, Config: ModelConfig.LoadFrom(m.Folder)))
                .Select(m => (m.Model, m.Config, Fit: ModelFit.Of(m.Config, memory))).ToList();
            if (result.GetValue(CommonOptions.Json))
                JsonOutput.Write(new { models = models.Select(m => new { name = m.Model.Name, folder = m.Model.Folder, parameters = m.Config.ParameterCount, context = m.Config.MaxPositions, serves = m.Fit.Serves, tunes = m.Fit.Tunes }) });
            else
                models.ForEach(m => Console.WriteLine($"{m.Model.Name,-20} {m.Config.ParameterCount / 1e6,8:N1} M parameters, context {m.Config.MaxPositions:N0}, {m.Fit.Words}   {m.Model.Folder}"));
            return ExitCode.Done;
        });
        Argument<string?> name = new("model") { Description = "A name from \"models list\" or a folder (default: all listed).", Arity = ArgumentArity.ZeroOrOne, HelpName = "NAME" };
        Command verify = new("verify", "Read every part of a model and run it on a few tokens.") { name, CommonOptions.Json };
        verify.SetAction(result => Verify(result.GetValue(name), result.GetValue(CommonOptions.Json)));
        Argument<string> source = new("model") { Description = "A name from \"models list\" or a folder.", HelpName = "NAME" };
        Argument<string> file = new("file") { Description = "The file to write; must not exist.", HelpName = "FILE.gguf" };
        Command export = new("export", "Write a model as one GGUF file, which llama.cpp and what is built on it read.") { source, file, GgufType.Option, CommonOptions.Json };
        export.SetAction(result => Export(ModelCatalog.Find(result.GetValue(source)), result.GetValue(file)!, result));
        return new Command("models", "List, check and export the base models.") { list, verify, export };
    }

    private static int Export(string folder, string path, ParseResult result)
    {
        string full = Path.GetFullPath(path);
        if (File.Exists(full) || Directory.Exists(full))
            throw new IOException($"{full} is there already. Name another file, or delete it.");
        GgufExport.Write(folder, full, GgufType.Of(result));
        long bytes = new FileInfo(full).Length;
        if (result.GetValue(CommonOptions.Json))
            JsonOutput.Write(new { folder, file = full, type = result.GetValue(GgufType.Option), bytes });
        else
            Console.WriteLine($"{Path.GetFileName(folder)} is in {full} ({bytes / 1e6:N1} MB).");
        return ExitCode.Done;
    }

    private static int Verify(string? name, bool json)
    {
        string[] folders = name is null ? [.. ModelCatalog.Models.Select(m => m.Folder)] : [ModelCatalog.Find(name)];
        if (folders.Length == 0)
            throw new ModelFormatException($"There is no model on this machine. Set {ModelCatalog.Variable} to a folder of models.");
        using CpuBackend backend = new();
        List<object> results = [];
        bool sound = true;
        foreach (string folder in folders)
        {
            try
            {
                ModelVerification found = ModelVerification.Run(folder, backend);
                results.Add(new { folder, sound = true, parameters = found.Config.ParameterCount, bytes = found.Bytes, fillInTheMiddle = found.FillInTheMiddle });
                if (!json)
                    Console.WriteLine($"{Path.GetFileName(folder)}: sound. {found.Config.ModelType}, {found.Config.ParameterCount / 1e6:N1} M parameters, {found.Bytes / 1e6:N1} MB, fill-in-the-middle: {(found.FillInTheMiddle ? "yes" : "no")}");
            }
            catch (ModelFormatException e)
            {
                sound = false;
                results.Add(new { folder, sound = false, error = e.Message });
                if (!json)
                    Console.Error.WriteLine(e.Message);
            }
        }

        if (json)
            JsonOutput.Write(new { models = results });
        return sound ? ExitCode.Done : ExitCode.Failed;
    }
}
