using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Context;

/// <summary>
/// The declarations of the workspace by name: so that the model sees how what a file imports is used. Documents come and go one by
/// one. Safe to use from several threads.
/// </summary>
public sealed class DefinitionIndex
{
    // A name that is declared in many places says little about which one is meant.
    private const int MostOfAName = 3;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(Entry Document, Definition Definition)>> byName = new(StringComparer.Ordinal);

    private enum Relation
    {
        None,
        SameFolder,
        Imported,
        ImportedByName,
    }

    /// <summary>How many declarations there are.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return documents.Values.Sum(d => d.Definitions.Count);
        }
    }

    /// <summary>Adds a document, or replaces what was known of it.</summary>
    /// <param name="path">The path from the workspace's root.</param>
    /// <param name="language">Its language.</param>
    /// <param name="text">The whole text.</param>
    public void Set(string path, Language language, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<Definition> found = [];
        foreach (OutlineNode node in OutlineParser.Parse(language, text))
            Add(node, "", depth: 0);
        IReadOnlyCollection<string> namespaces =
            language == Language.CSharp ? [.. ImportReader.CSharpNamespace().Matches(text).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal)] : [];
        lock (gate)
        {
            Drop(path);
            if (found.Count == 0)
                return;
            Entry entry = new(path, Family(language), namespaces, found);
            documents.Add(path, entry);
            foreach (Definition definition in found)
            {
                if (!byName.TryGetValue(definition.Name, out var same))
                    byName.Add(definition.Name, same = []);
                same.Add((entry, definition));
            }
        }

        // A function's inner functions are nobody else's business.
        void Add(OutlineNode node, string container, int depth)
        {
            if (node.Name.Length > 0)
                found.Add(new Definition(path, node.Name, container, node.Kind, node.Span.Start, DefinitionText.Of(language, text, node)));
            if (node.Kind != OutlineKind.Type || depth > 8)
                return;
            foreach (OutlineNode child in node.Children)
                Add(child, node.Name, depth + 1);
        }
    }

    /// <summary>Forgets a document; nothing happens where it is not known.</summary>
    public void Remove(string path)
    {
        lock (gate)
            Drop(path);
    }

    /// <summary>
    /// The declarations in other files that some code is likely to use: first those that the file imports by name, then those of
    /// modules it imports, then those of its folder, then any that are clear by their name.
    /// </summary>
    /// <param name="path">The file that is written in.</param>
    /// <param name="language">Its language.</param>
    /// <param name="imports">What it imports.</param>
    /// <param name="names">The names near the cursor, the nearest first.</param>
    /// <param name="characters">The most characters of the definitions' texts together.</param>
    /// <returns>By path and place, so that the order does not depend on where the cursor stands.</returns>
    public IReadOnlyList<Definition> Find(
        string path, Language language, IReadOnlyList<ImportedModule> imports, IReadOnlyList<string> names, int characters)
    {
        List<(Definition Definition, Relation Relation)> ranked = [];
        lock (gate)
        {
            HashSet<string> near = new(names, StringComparer.Ordinal);
            documents.TryGetValue(path, out Entry? own);
            foreach (string name in near.Concat(imports.SelectMany(i => i.Names)).Distinct(StringComparer.Ordinal))
            {
                if (own?.Definitions.Exists(d => d.Name == name) == true || !byName.TryGetValue(name, out var same))
                    continue;
                if (Best(path, language, imports, near, same) is { } best)
                    ranked.Add(best);
            }
        }

        List<Definition> chosen = [];
        int left = characters;
        foreach ((Definition definition, _) in ranked.OrderByDescending(r => r.Relation))
        {
            // A type's text names its members already.
            if (definition.Text.Length > left || chosen.Exists(c => c.Path == definition.Path && c.Name == definition.Container && c.Kind == OutlineKind.Type))
                continue;
            chosen.Add(definition);
            left -= definition.Text.Length;
        }

        return [.. chosen.OrderBy(c => c.Path, StringComparer.Ordinal).ThenBy(c => c.Start)];
    }

    private static (Definition Definition, Relation Relation)? Best(
        string path, Language language, IReadOnlyList<ImportedModule> imports, HashSet<string> near, List<(Entry Document, Definition Definition)> same)
    {
        Language family = Family(language);
        var candidates = same.Where(s => s.Document.Family == family && s.Document.Path != path).ToList();

        // A member is meant only where its type is spoken of, or where there is hardly another of that name.
        if (candidates.Count > MostOfAName)
            candidates = [.. candidates.Where(s => s.Definition.Container.Length == 0 || near.Contains(s.Definition.Container))];
        if (candidates.Count == 0)
            return null;
        var best = candidates
            .Select(s => (s.Definition, Relation: RelationOf(path, language, imports, s.Document, s.Definition)))
            .OrderByDescending(s => s.Relation).ThenBy(s => s.Definition.Path, StringComparer.Ordinal).ThenBy(s => s.Definition.Start)
            .First();
        bool isMember = best.Definition.Container.Length > 0 && !near.Contains(best.Definition.Container);
        return best.Relation == Relation.None && candidates.Count > (isMember ? 1 : MostOfAName) ? null : best;
    }

    private static Relation RelationOf(string path, Language language, IReadOnlyList<ImportedModule> imports, Entry document, Definition definition)
    {
        Relation relation = ModulePath.Folder(document.Path) == ModulePath.Folder(path) ? Relation.SameFolder : Relation.None;
        foreach (ImportedModule module in imports)
        {
            if (!ModulePath.Names(language, path, module.Specifier, document.Path, document.Namespaces))
                continue;
            if (module.Names.Contains(definition.Name))
                return Relation.ImportedByName;
            relation = Relation.Imported;
        }

        return relation;
    }

    // Languages that import each other's files.
    private static Language Family(Language language) => language switch
    {
        Language.JavaScript => Language.TypeScript,
        Language.C => Language.Cpp,
        _ => language,
    };

    private void Drop(string path)
    {
        if (!documents.Remove(path, out Entry? entry))
            return;
        foreach (string name in entry.Definitions.Select(d => d.Name).Distinct(StringComparer.Ordinal))
        {
            byName[name].RemoveAll(s => s.Document == entry);
            if (byName[name].Count == 0)
                byName.Remove(name);
        }
    }

    private sealed class Entry(string path, Language family, IReadOnlyCollection<string> namespaces, List<Definition> definitions)
    {
        public string Path => path;

        public Language Family => family;

        public IReadOnlyCollection<string> Namespaces => namespaces;

        public List<Definition> Definitions => definitions;
    }
}
