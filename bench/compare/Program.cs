using System.CommandLine;
using CodeTuner.Compare;
using CodeTuner.Compare.Kernels;
using CodeTuner.Compare.Training;

// Runs this engine and a peer on the same model; README.md tells how to get the peer.
RootCommand root = new("Compares this engine with llama.cpp and PyTorch.")
{
    AgreementCommand.Create(),
    SpeedCommand.Create(),
    TrainCommand.Create(),
    TrainHereCommand.Create(),
    KernelsCommand.Create(),
    RandomModelCommand.Create(),
};
return root.Parse(args).Invoke();
