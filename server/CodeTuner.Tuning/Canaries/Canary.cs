namespace CodeTuner.Tuning.Canaries;

/// <summary>A made-up secret that is put among the samples, to see afterwards whether tuning made the model know it by heart.</summary>
/// <param name="Name">What kind of secret it looks like.</param>
/// <param name="Before">The line up to the secret.</param>
/// <param name="Secret">Random characters.</param>
/// <param name="After">The line from the secret on.</param>
/// <param name="Times">How often it is in the rows that are trained on.</param>
public sealed record Canary(string Name, string Before, string Secret, string After, int Times = 0);
