namespace CodeTuner.Workspace.Scanning;

/// <summary>Says where a symbolic link leads, without naming anything outside the workspace.</summary>
internal static class LinkTarget
{
    /// <summary>The words for the manifest.</summary>
    /// <param name="root">The workspace's root, in full.</param>
    /// <param name="link">The link's full path.</param>
    public static string Describe(string root, string link)
    {
        string? target;
        try
        {
            target = File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "the link leads in a circle or cannot be resolved";
        }

        if (target is null || !Path.Exists(target)) return "the link leads nowhere";
        string relative = Path.GetRelativePath(root, target).Replace(Path.DirectorySeparatorChar, '/');
        if (relative == "..") return "the link leaves the workspace";
        bool outside = relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative);
        return outside ? "the link leaves the workspace" : $"the link leads to {relative}, which is read where it lies";
    }
}
