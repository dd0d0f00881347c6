namespace CodeTuner.Models.Hub;

/// <summary>A model on this machine.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Folder">Where it is.</param>
public sealed record CatalogModel(string Name, string Folder);

/// <summary>Finds the base models on this machine: those that ship with the program, and those in the folder that CODETUNER_MODELS names.</summary>
public static class ModelCatalog
{
    /// <summary>The model that is used where none is named.</summary>
    public const string EmbeddedName = "codetuner-10m";

    /// <summary>The environment variable that names a folder of further models.</summary>
    public const string Variable = "CODETUNER_MODELS";

    /// <summary>All models, each name once.</summary>
    public static IReadOnlyList<CatalogModel> Models =>
        [.. Roots().Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories)
            .Where(d => File.Exists(Path.Combine(d, "config.json")))
            .Select(d => new CatalogModel(Path.GetFileName(d), d))
            .DistinctBy(m => m.Name, StringComparer.Ordinal).OrderBy(m => m.Name, StringComparer.Ordinal)];

    /// <summary>The folder of a model, by its name or its path; null names the embedded one.</summary>
    /// <exception cref="ModelFormatException">There is no such model.</exception>
    public static string Find(string? nameOrPath)
    {
        string wanted = nameOrPath ?? EmbeddedName;
        if (Models.FirstOrDefault(m => m.Name == wanted) is { } known)
            return known.Folder;
        if (Directory.Exists(wanted))
            return Path.GetFullPath(wanted);
        string names = string.Join(", ", Models.Select(m => m.Name));
        throw new ModelFormatException(
            $"There is no model \"{wanted}\" here. {(names.Length > 0 ? $"Known: {names}. A folder" : "A folder")} in Hugging Face's layout can be named by its path.");
    }

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            yield return named;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "models");
    }
}
