using System.CommandLine;
using CodeTuner.Compare;
using CodeTuner.Compare.Training;
using CodeTuner.Compare.Kernels;

// Runs this engine and a peer on the same model; README.md tells how to get the peer.
RootCommand root = new("Compares this engine with llama.cpp and PyTorch.")
{
    AgreementCommand.Create(),
    SpeedCommand.Create(),
    TrainCommand.Create(),
    TrainHereCommand.Create(),
    KernelsCommand.Create(),
};
return root.Parse(args).Invoke();
