using System.CommandLine;
using CodeTuner.Compare;

// Runs this engine and a peer on the same model; README.md tells how to get the peer.
RootCommand root = new("Compares this engine with llama.cpp.")
{
    AgreementCommand.Create(),
    SpeedCommand.Create(),
};
return root.Parse(args).Invoke();
