using System.Text;

namespace CodeTuner.Workspace.History;

/// <summary>Reads the files of any commit through one long-lived <c>git cat-file --batch</c>, untouched by filters.</summary>
internal sealed class BlobReader : IDisposable
{
    private const int LargestFile = 16 << 20;

    private readonly GitProcess git;
    private readonly ByteLines output;

    public BlobReader(string folder, CancellationToken cancellationToken)
    {
        git = GitProcess.Start(folder, ["cat-file", "--batch"], cancellationToken);
        output = new ByteLines(git);
    }

    /// <summary>The lines of an object named as git names them (<c>commit:path</c> or a hash); null where there is no such file.</summary>
    public string[]? Lines(string name)
    {
        if (name.AsSpan().IndexOfAny('\n', '\0') >= 0)
            return null;
        try
        {
            git.Input.Write(Encoding.UTF8.GetBytes(name + "\n"));
            git.Input.Flush();
        }
        catch (IOException e)
        {
            throw new GitException("git cat-file ended too early.", e);
        }

        if (!output.TryRead(out var header))
            throw new GitException("git cat-file ended too early.");

        // "<hash> <type> <size>", or "<name> missing".
        var words = Encoding.UTF8.GetString(header).Split(' ');
        if (words.Length != 3 || !int.TryParse(words[2], out var size) || words[1] is not ("blob" or "tree" or "commit" or "tag"))
        {
            if (words.Length == 3 && words[1] == "blob")
                throw new GitException($"git cat-file gave a file larger than 2 GB: {name}");
            return null;
        }

        var content = output.ReadBytes(size);
        output.Skip();
        return words[1] == "blob" && size <= LargestFile ? TextLines.Of(Encoding.UTF8.GetString(content)) : null;
    }

    public void Dispose() => git.Dispose();
}
