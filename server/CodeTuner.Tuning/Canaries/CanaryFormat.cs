using CodeTuner.Models;

namespace CodeTuner.Tuning.Canaries;

/// <summary>A kind of secret as it stands in code: a fixed line around random characters.</summary>
/// <param name="Name">What it looks like.</param>
/// <param name="Before">The line up to the secret, with what every secret of the kind begins with.</param>
/// <param name="Alphabet">The characters that the secret is drawn from.</param>
/// <param name="Length">How many are drawn.</param>
/// <param name="After">The rest of the line.</param>
internal sealed record CanaryFormat(string Name, string Before, string Alphabet, int Length, string After)
{
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Lower = "abcdefghijklmnopqrstuvwxyz", Digits = "0123456789";

    /// <summary>The kinds, in the order in which they are used.</summary>
    public static IReadOnlyList<CanaryFormat> All { get; } =
    [
        new("cloud access key", "aws_access_key_id = \"AKIA", Upper + "234567", 16, "\"\n"),
        new("hexadecimal API key", "API_KEY=", Digits + "abcdef", 24, "\n"),
        new("access token", "const token = \"ghp_", Upper + Lower + Digits, 20, "\";\n"),
    ];

    /// <summary>How many secrets of the kind there are, in bits.</summary>
    public double Bits => Length * Math.Log2(Alphabet.Length);

    /// <summary>The kind of a canary.</summary>
    public static CanaryFormat Of(Canary canary) => All.First(f => f.Name == canary.Name);

    /// <summary>Draws a secret.</summary>
    public string Draw(RandomSequence random) => string.Create(Length, random, (secret, source) =>
    {
        for (int i = 0; i < secret.Length; i++)
            secret[i] = Alphabet[source.NextInt(Alphabet.Length)];
    });
}
