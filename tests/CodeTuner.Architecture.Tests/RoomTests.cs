using System.Xml.Linq;
using CodeTuner.Tests;

namespace CodeTuner.Architecture.Tests;

/// <summary>Arrows between rooms go one way.</summary>
public class RoomTests
{
    public static TheoryData<string, string> Rooms => new()
    {
        { "Tensors", "" },
        { "Tensors.Ggml", "Tensors" },
        { "Tensors.TorchSharp", "Tensors" },
        { "Models", "Tensors" },
        { "Workspace", "" },
        { "Tuning", "Models Workspace Tensors.Ggml" },
        { "Assist", "Models Workspace" },
        { "LanguageServer", "Tuning Assist" },
        { "Cli", "Tuning Assist" },
    };

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_refers_to_no_other_than_it_may(string room, string allowed)
    {
        string project = Path.Combine(Repository.Root, "server", $"CodeTuner.{room}", $"CodeTuner.{room}.csproj");
        string[] references = [.. XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value))];
        Assert.Equal(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => $"CodeTuner.{a}").Order(), references.Order());
    }

    [Fact]
    public void Every_room_is_in_the_table() => Assert.Equal(
        Rooms.Select(r => "CodeTuner." + r[0]).Order(),
        Directory.GetDirectories(Path.Combine(Repository.Root, "server")).Select(d => Path.GetFileName(d)).Order());

    [Fact]
    public void The_workspace_room_knows_no_model() => Assert.DoesNotContain(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "server", "CodeTuner.Workspace"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("obj", StringComparison.Ordinal)),
        f => File.ReadAllText(f).Contains("CodeTuner.Models", StringComparison.Ordinal));
}
