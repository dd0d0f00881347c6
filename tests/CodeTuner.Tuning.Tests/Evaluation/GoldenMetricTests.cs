using System.Text.Json;
using CodeTuner.Tests;
using CodeTuner.Tuning.Evaluation;

namespace CodeTuner.Tuning.Tests.Evaluation;

public class GoldenMetricTests
{
    private static readonly JsonElement Cases = Golden.Json("metrics", "cases.json");

    [Fact]
    public void Line_metrics_agree_with_the_reference()
    {
        foreach (JsonElement c in Cases.GetProperty("cases").EnumerateArray())
        {
            string reference = c.GetProperty("reference").GetString()!, hypothesis = c.GetProperty("hypothesis").GetString()!;
            Assert.Equal(c.GetProperty("levenshtein").GetInt32(), EditDistance.Levenshtein(hypothesis, reference));
            Assert.Equal(c.GetProperty("levenshtein_similarity").GetDouble(), EditDistance.Similarity(hypothesis, reference), 1e-6);
            Assert.Equal(c.GetProperty("indel_ratio").GetDouble(), EditDistance.IndelRatio(hypothesis, reference), 1e-6);
            Assert.Equal(c.GetProperty("sentence_chrf").GetDouble(), ChrF.Sentence(hypothesis, reference), 1e-6);
            Assert.Equal(c.GetProperty("sentence_bleu_exp").GetDouble(), Bleu.Sentence(hypothesis, reference), 1e-6);
        }
    }

    [Fact]
    public void Corpus_metrics_agree_with_the_reference()
    {
        var pairs = Cases.GetProperty("cases").EnumerateArray()
            .Select(c => (c.GetProperty("hypothesis").GetString()!, c.GetProperty("reference").GetString()!)).ToList();
        Assert.Equal(Cases.GetProperty("corpus_bleu_13a").GetDouble(), Bleu.Corpus(pairs), 1e-6);
        Assert.Equal(Cases.GetProperty("corpus_chrf").GetDouble(), ChrF.Corpus(pairs), 1e-6);
    }
}
