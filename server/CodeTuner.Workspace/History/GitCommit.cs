namespace CodeTuner.Workspace.History;

/// <summary>A commit.</summary>
/// <param name="Hash">The full hash in hexadecimal; all zeros for <see cref="WorkingTree"/>, as <c>git blame</c> writes it.</param>
/// <param name="Time">When it was committed.</param>
public sealed record GitCommit(string Hash, DateTimeOffset Time)
{
    /// <summary>Stands for changes that are not committed yet: newer than every commit.</summary>
    public static GitCommit WorkingTree { get; } = new(new string('0', 40), DateTimeOffset.MaxValue);
}
