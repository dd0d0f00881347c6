using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Context;

/// <summary>Tells whether a file of the workspace is what an import names, by their paths: nothing is resolved as a compiler would.</summary>
internal static class ModulePath
{
    /// <summary>Whether <paramref name="candidate"/> is, or is part of, what <paramref name="specifier"/> names in the file at <paramref name="from"/>.</summary>
    /// <param name="language">The language of both.</param>
    /// <param name="from">The importing file's path from the workspace's root.</param>
    /// <param name="specifier">What it imports.</param>
    /// <param name="candidate">The other file's path.</param>
    /// <param name="namespaces">The namespaces that the other file declares (C#).</param>
    public static bool Names(Language language, string from, string specifier, string candidate, IReadOnlyCollection<string> namespaces) => language switch
    {
        Language.CSharp => namespaces.Contains(specifier),
        Language.TypeScript or Language.JavaScript => specifier.StartsWith('.')
            ? IsModule(Joined(Folder(from), specifier), candidate)
            : EndsAt(WithoutExtension(candidate), specifier.TrimStart('@', '~', '/')),
        Language.Python => Python(from, specifier, candidate),
        Language.Java => EndsAt(WithoutExtension(candidate), specifier.Replace('.', '/')) || EndsAt(Folder(candidate), specifier.Replace('.', '/')),
        Language.Go => EndsAt(Folder(candidate), LastParts(specifier)) || EndsAt(specifier, Folder(candidate)),
        Language.Rust => Rust(specifier, candidate),
        Language.C or Language.Cpp => EndsAt(WithoutExtension(candidate), WithoutExtension(Joined("", specifier))),
        _ => false,
    };

    /// <summary>The folder of a path; empty for the root.</summary>
    public static string Folder(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    // foo/bar names foo/bar.ts and foo/bar/index.ts; ESM also writes foo/bar.js for bar.ts.
    private static bool IsModule(string module, string candidate)
    {
        string file = WithoutExtension(candidate);
        return file == module || file == module + "/index" || (module.EndsWith("js", StringComparison.Ordinal) && file == WithoutExtension(module)) ||
            (module.Length == 0 && file == "index");
    }

    private static bool Python(string from, string specifier, string candidate)
    {
        int dots = specifier.Length - specifier.TrimStart('.').Length;
        string path = specifier[dots..].Replace('.', '/');
        string file = WithoutExtension(candidate);
        if (file.EndsWith("/__init__", StringComparison.Ordinal))
            file = Folder(file);
        if (dots == 0)
            return EndsAt(file, path);
        string folder = Folder(from);
        for (int i = 1; i < dots; i++)
            folder = Folder(folder);
        string full = path.Length == 0 ? folder : folder.Length == 0 ? path : $"{folder}/{path}";

        // "from . import a" may name the module a itself.
        return file == full || (path.Length == 0 && Folder(file) == full);
    }

    private static bool Rust(string specifier, string candidate)
    {
        string[] parts = [.. specifier.Split("::").Where(p => p is not ("crate" or "self" or "super" or ""))];
        string file = WithoutExtension(candidate);
        if (file.EndsWith("/mod", StringComparison.Ordinal) || file.EndsWith("/lib", StringComparison.Ordinal))
            file = Folder(file);
        return parts.Length > 0 && EndsAt(file, parts[^1]);
    }

    // Whether the path ends with these whole parts.
    private static bool EndsAt(string path, string tail) =>
        tail.Length > 0 && path.EndsWith(tail, StringComparison.Ordinal) && (path.Length == tail.Length || path[path.Length - tail.Length - 1] == '/');

    private static string LastParts(string path)
    {
        int last = path.LastIndexOf('/');
        int before = last > 0 ? path.LastIndexOf('/', last - 1) : -1;
        return path[(before + 1)..];
    }

    private static string Joined(string folder, string relative)
    {
        List<string> parts = [.. folder.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        foreach (string part in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or ".."))
                parts.Add(part);
        }

        return string.Join('/', parts);
    }

    private static string WithoutExtension(string path)
    {
        int dot = path.LastIndexOf('.');
        if (dot <= path.LastIndexOf('/') + 1)
            return path;
        string file = path[..dot];
        return file.EndsWith(".d", StringComparison.Ordinal) ? file[..^2] : file;
    }
}
