namespace CodeTuner.Tuning.Runs;

/// <summary>Compares the base models that runs were tuned from.</summary>
public static class BaseModels
{
    /// <summary>
    /// Whether two folders hold the same base. A run keeps its base's path, but where the program is installed changes with its
    /// version: the same name with weights of the same length is the same base.
    /// </summary>
    /// <param name="tuned">The folder that a run's recipe names, which may be gone.</param>
    /// <param name="wanted">A folder that is there.</param>
    public static bool AreSame(string tuned, string wanted)
    {
        (tuned, wanted) = (Path.TrimEndingDirectorySeparator(tuned), Path.TrimEndingDirectorySeparator(wanted));
        return tuned == wanted || (Path.GetFileName(tuned) == Path.GetFileName(wanted) && (!Directory.Exists(tuned) || WeightBytes(tuned) == WeightBytes(wanted)));
    }

    private static long WeightBytes(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*.safetensors").Sum(f => f.Length);
}
