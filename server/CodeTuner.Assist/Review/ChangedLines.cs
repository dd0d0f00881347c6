using CodeTuner.Workspace.History;

namespace CodeTuner.Assist.Review;

/// <summary>Which lines of a document a review is about.</summary>
public static class ChangedLines
{
    /// <summary>The lines that are not in git's commit; without git, or where it fails, those that were not there when the document was opened.</summary>
    /// <param name="repository">The workspace's repository, or null where it has none.</param>
    /// <param name="path">The file's path from the workspace's root, with forward slashes.</param>
    /// <param name="opened">The text when the document was opened.</param>
    /// <param name="text">The text now, saved or not.</param>
    /// <param name="cancellationToken">Ends git.</param>
    /// <returns>The lines, counted from 0, in order.</returns>
    public static IReadOnlyList<LineRange> Of(
        GitRepository? repository, string path, string opened, string text, CancellationToken cancellationToken = default)
    {
        if (repository is not null)
        {
            try
            {
                return repository.ChangedSinceHead(path, text, cancellationToken);
            }
            catch (GitException)
            {
                // A review is worth less than an error: what was typed since is still known.
            }
        }

        return LineChanges.Between(opened, text);
    }
}
