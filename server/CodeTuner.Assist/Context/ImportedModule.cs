namespace CodeTuner.Assist.Context;

/// <summary>What a file imports from one place.</summary>
/// <param name="Specifier">The module, namespace, package or header as the file names it.</param>
/// <param name="Names">The names it takes from there; empty where it takes all.</param>
public sealed record ImportedModule(string Specifier, IReadOnlyList<string> Names);
