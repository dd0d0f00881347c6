using CodeTuner.Tests;

namespace CodeTuner.Cli.Tests;

/// <summary>Loader, driver, card or ggml's libraries are missing or do not fit: the doctor says what to do, and the processor computes.</summary>
public class MissingCardTests
{
    private const string Core = "libggml-base.so", Vulkan = "libggml-vulkan.so";

    [CardTheory]
    [InlineData("VK_DRIVER_FILES=/none.json VK_ICD_FILENAMES=/none.json", "no graphics driver", "VK_DRIVER_FILES", "mesa-vulkan-drivers")]
    [InlineData("FAULTY_NO_CARD=1", "find no card", "mesa-vulkan-drivers")]
    [InlineData("FAULTY_API=1.1", "The driver of Faulty Card speaks Vulkan 1.1, and 1.2 is needed", "newer driver")]
    [InlineData("FAULTY_NO_16BIT=1", "The driver of Faulty Card has no 16-bit storage", "newer driver")]
    [InlineData("GGML_VK_VISIBLE_DEVICES=7", "GGML_VK_VISIBLE_DEVICES is \"7\"", "0 (Faulty Card)")]
    [InlineData("GGML_VK_VISIBLE_DEVICES=0,7", "GGML_VK_VISIBLE_DEVICES is \"0,7\"", "0 (Faulty Card)")]
    [InlineData("FAULTY_HANG_OPEN=1 CODETUNER_CARD_PATIENCE=2", "did not answer when it was opened", "newest driver")]
    [InlineData("FAULTY_LOSE_AFTER=0", "Faulty Card", "failed when it was tried", "was lost while it computed", "newest driver")]
    public void The_doctor_says_what_is_wrong_with_a_driver(string faults, params string[] words) =>
        AssertDoctorSays(FaultyDriver.Through(faults.Split(' ')), words);

    [CardFact]
    public void A_file_that_describes_no_driver_is_named()
    {
        using TemporaryFolder folder = new();
        string empty = folder.File("empty.json", "");
        AssertDoctorSays(FaultyDriver.Through($"VK_DRIVER_FILES={empty}", $"VK_ICD_FILENAMES={empty}"), empty, "mesa-vulkan-drivers");
    }

    [CardFact]
    public void Without_a_Vulkan_loader_the_doctor_says_what_to_install()
    {
        // The same library, asking for a loader that no system has.
        using GgmlFolder folder = new(Vulkan, bytes => GgmlFolder.Replace(bytes, "libvulkan.so.1\0", "libvulkan.so.0\0"));
        AssertDoctorSays(["env", $"CODETUNER_GGML={folder.Path}"], "no Vulkan loader (libvulkan.so.1)", "libvulkan1 on Debian");
    }

    [CardTheory]
    [InlineData(Core, "truncated", "half-installed")]
    [InlineData(Core, "missing", "holds no libggml-base.so")]
    [InlineData(Core, "older", "is ggml 0.22.0; this program works with ggml 0.23.0 alone")]
    [InlineData(Vulkan, "truncated", "half-installed")]
    [InlineData(Vulkan, "missing", "no library for a graphics card")]
    [InlineData(Vulkan, "empty", "half-installed")]
    public void Libraries_that_do_not_fit_are_refused_by_name(string file, string what, string words)
    {
        using GgmlFolder folder = new(file, what switch
        {
            "missing" => null,
            "empty" => _ => [],
            "truncated" => bytes => bytes[..(bytes.Length / 2)],
            _ => bytes => GgmlFolder.Replace(bytes, "0.23.0\0", "0.22.0\0"),
        });
        AssertDoctorSays(["env", $"CODETUNER_GGML={folder.Path}"], words, folder.Path, what == "missing" && file == Core ? "CODETUNER_GGML" : "npm ci");
    }

    [CardTheory]
    [InlineData("FAULTY_API=1.1")]
    [InlineData("FAULTY_LOSE_AFTER=0")]
    [InlineData("FAULTY_HANG_OPEN=1 CODETUNER_CARD_PATIENCE=2")]
    public void A_completion_comes_from_the_processor_then_and_a_named_card_is_refused(string faults)
    {
        using TemporaryFolder folder = new();
        string cases = folder.File("cases.jsonl", """{"path":"a.py","prefix":"def add(a, b):\n    return ","suffix":"\n"}""");
        string[] driver = FaultyDriver.Through(faults.Split(' ')), complete = ["complete", "--cases", cases, "--checkpoint", "base", "--state", folder.Path, "--device"];
        (int code, string output, string errors) = Cli.RunThrough(driver, [.. complete, "auto"]);
        Assert.True(code == 0, errors);
        Assert.Contains("\"text\"", output, StringComparison.Ordinal);
        (code, _, errors) = Cli.RunThrough(driver, [.. complete, "Vulkan0"]);
        Assert.Equal(1, code);
        Assert.Contains("driver", errors, StringComparison.Ordinal);
        Assert.Contains("cpu", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("terminate", errors, StringComparison.Ordinal);
    }

    private static void AssertDoctorSays(string[] through, params string[] words)
    {
        (int code, string output, string errors) = Cli.RunThrough(through, "doctor");
        Assert.True(code == 0, output + errors);
        string line = output.Split('\n').Single(l => l.Contains("graphics card:", StringComparison.Ordinal));
        Assert.Contains("none; the processor computes", line, StringComparison.Ordinal);
        foreach (string word in words)
            Assert.Contains(word, line, StringComparison.Ordinal);
    }
}
