using System.Text.Json;
using CodeTuner.Models.Architectures;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Lora;
using CodeTuner.Models.Tests.Architectures;
using CodeTuner.Tensors;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Lora;

public class GoldenAdapterTests
{
    public static TheoryData<string, string> KindsOnEachBackend()
    {
        TheoryData<string, string> data = [];
        foreach (string backend in GoldenBackends.Adapters)
        {
            foreach (string kind in (string[])["standard", "rslora", "patterns"])
                data.Add(kind, backend);
        }

        return data;
    }

    [GoldenTheory]
    [MemberData(nameof(KindsOnEachBackend))]
    public void Agrees_with_peft_applied_merged_unmerged_and_saved_again(string kind, string on)
    {
        JsonElement cases = Golden.Json("adapters", kind, "cases.json");
        int[] ids = cases.GetProperty("ids").Ints();
        float[] wanted = cases.GetProperty("last_logits").Floats();
        using Backend backend = GoldenBackends.Create(on);
        using Decoder decoder = GoldenDecoder.Load(cases.GetProperty("base").GetString()!, backend);
        float[] Logits()
        {
            using DecoderLanguageModel model = new(decoder, new GoldenModelTests.NoTokenizer(), ownsDecoder: false);
            return model.LastLogits(ids);
        }

        float[] bare = Logits();
        using TemporaryFolder folder = new();
        using (LoraAdapterSet adapter = LoraAdapterSet.Load(decoder, Golden.At("adapters", kind)))
        {
            GoldenModelTests.AssertClose(wanted, Logits(), 1e-3);
            adapter.Merge();
            GoldenModelTests.AssertClose(cases.GetProperty("merged_last_logits").Floats(), Logits(), 1e-3);
            adapter.Unmerge();
            GoldenModelTests.AssertClose(wanted, Logits(), 1e-3);
            adapter.Save(folder.Path);
        }

        GoldenModelTests.AssertClose(bare, Logits(), 1e-3);
        using LoraAdapterSet again = LoraAdapterSet.Load(decoder, folder.Path);
        GoldenModelTests.AssertClose(wanted, Logits(), 1e-3);
        Assert.True(bare.Zip(wanted, (a, b) => Math.Abs(a - b)).Max() > 0.01, "the adapter changes nothing: the test shows nothing");
    }
}
