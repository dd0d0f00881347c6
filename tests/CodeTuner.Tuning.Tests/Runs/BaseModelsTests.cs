using CodeTuner.Tests;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.Tuning.Tests.Runs;

public class BaseModelsTests
{
    [Theory]
    [InlineData("1.0/models/small", "2.0/models/small", true)] // another version of the program
    [InlineData("1.0/models/small/", "1.0/models/small", true)]
    [InlineData("0.9/models/small", "2.0/models/small", true)] // an installation that is gone
    [InlineData("1.0/models/large", "2.0/models/small", false)]
    [InlineData("mine/small", "2.0/models/small", false)] // other weights under the same name
    public void A_base_is_told_by_its_name_and_the_length_of_its_weights(string tuned, string wanted, bool same)
    {
        using TemporaryFolder folder = new();
        foreach ((string model, string weights) in ((string, string)[])[("1.0/models/small", "12"), ("2.0/models/small", "34"), ("mine/small", "567"), ("1.0/models/large", "12")])
            folder.File($"{model}/model.safetensors", weights);
        Assert.Equal(same, BaseModels.AreSame(Path.Combine(folder.Path, tuned), Path.Combine(folder.Path, wanted)));
    }
}
