using CodeTuner.Models.Generation;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Similarity;

namespace CodeTuner.Tuning.Datasets;

/// <summary>Pieces of the training documents that use the same names as a given piece of code, as completion shows them to the model.</summary>
internal sealed class SimilarSnippets
{
    private readonly SnippetIndex index = new();

    public SimilarSnippets(IEnumerable<TrainingDocument> documents)
    {
        foreach (TrainingDocument document in documents)
            index.Set(document.Path, document.Language, document.Text);
    }

    /// <summary>The most similar windows of other files, one a file, the best last.</summary>
    public List<ContextSnippet> Find(string path, Language language, string around, int count) =>
        [.. index.Find(path, language, around, count).Select(s => new ContextSnippet(s.Path, s.Text))];
}
