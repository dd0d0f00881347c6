using System.Text.Json;

namespace CodeTuner.Models.Tokenizers;

/// <summary>Reads <c>tokenizer.json</c> as Hugging Face's tokenizers library writes it.</summary>
public static class TokenizerFile
{
    /// <summary>Loads a tokenizer.</summary>
    /// <exception cref="ModelFormatException">The file is missing or damaged, or a part of it is of a kind that is not supported.</exception>
    public static Tokenizer Load(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new ByteLevelBpeTokenizer(new Reader(path, document.RootElement).Read());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException($"{path} is missing: the folder is not a model, or the download is not complete.", e);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ModelFormatException($"{path} cannot be read as a tokenizer ({e.Message}). Download the model again.", e);
        }
    }

    private sealed class Reader(string path, JsonElement root)
    {
        public TokenizerParts Read()
        {
            JsonElement model = root.GetProperty("model");
            RequireKind("model", model, "BPE");
            Refuse(model, "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix");
            if (Flag(model, "byte_fallback"))
                throw Unsupported("model.byte_fallback", "true", "byte-level BPE");
            Dictionary<string, int> vocabulary = model.GetProperty("vocab").EnumerateObject()
                .ToDictionary(p => p.Name, p => p.Value.GetInt32(), StringComparer.Ordinal);
            if (vocabulary.Values.Any(id => id is < 0 or > 10_000_000))
                throw new FormatException("an id is out of range");
            RequireKind("decoder", root.GetProperty("decoder"), "ByteLevel");
            (PreTokenizer preTokenizer, bool prefixSpace) = ReadPreTokenizer(root.GetProperty("pre_tokenizer"));
            AddedToken[] added = [.. root.GetProperty("added_tokens").EnumerateArray().Select(ReadAdded)];
            (int[] before, int[] after) = ReadPostProcessor();
            return new TokenizerParts
            {
                Vocabulary = vocabulary,
                Merges = ReadMerges(model.GetProperty("merges"), vocabulary),
                AddedTokens = added,
                PreTokenizer = preTokenizer,
                AddsPrefixSpace = prefixSpace,
                NormalizesToNfc = ReadNormalizer(),
                IgnoresMerges = Flag(model, "ignore_merges"),
                IdsBefore = before,
                IdsAfter = after,
            };
        }

        private static bool Flag(JsonElement element, string name) =>
            element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

        private static bool IsNull(JsonElement parent, string name, out JsonElement value) =>
            !parent.TryGetProperty(name, out value) || value.ValueKind == JsonValueKind.Null;

        private static AddedToken ReadAdded(JsonElement e) => new(
            e.GetProperty("id").GetInt32(), e.GetProperty("content").GetString() ?? "", Flag(e, "special"), Flag(e, "single_word"),
            Flag(e, "lstrip"), Flag(e, "rstrip"));

        private Dictionary<(int, int), (int, int)> ReadMerges(JsonElement list, Dictionary<string, int> vocabulary)
        {
            Dictionary<(int, int), (int, int)> merges = new(list.GetArrayLength());
            int rank = 0;
            foreach (JsonElement merge in list.EnumerateArray())
            {
                (string left, string right) = merge.ValueKind == JsonValueKind.Array
                    ? (merge[0].GetString()!, merge[1].GetString()!)
                    : SplitMerge(merge.GetString()!);
                if (!vocabulary.TryGetValue(left, out int l) || !vocabulary.TryGetValue(right, out int r) || !vocabulary.TryGetValue(left + right, out int m))
                    throw new ModelFormatException($"{path}: merge {rank} (\"{left}\" and \"{right}\") is not in the vocabulary. Download the model again.");
                merges.TryAdd((l, r), (rank++, m));
            }

            return merges;
        }

        private static (string Left, string Right) SplitMerge(string merge)
        {
            int space = merge.IndexOf(' ', StringComparison.Ordinal);
            return space > 0 ? (merge[..space], merge[(space + 1)..]) : throw new FormatException($"\"{merge}\" is not a merge");
        }

        private (PreTokenizer PreTokenizer, bool PrefixSpace) ReadPreTokenizer(JsonElement element)
        {
            string kind = Kind(element);
            if (kind == "ByteLevel")
                return (PreTokenizer.Gpt2(), Flag(element, "add_prefix_space"));
            if (kind != "Sequence")
                throw Unsupported("pre_tokenizer", kind, "ByteLevel, and a Sequence of Split and ByteLevel");
            JsonElement[] steps = [.. element.GetProperty("pretokenizers").EnumerateArray()];
            if (steps.Length != 2 || Kind(steps[0]) != "Split" || Kind(steps[1]) != "ByteLevel" || Flag(steps[1], "use_regex"))
                throw Unsupported("pre_tokenizer", $"Sequence of {string.Join(", ", steps.Select(Kind))}", "a Sequence of Split and ByteLevel");
            if (IsNull(steps[0].GetProperty("pattern"), "Regex", out JsonElement regex) || steps[0].GetProperty("behavior").GetString() != "Isolated"
                || Flag(steps[0], "invert"))
                throw Unsupported("pre_tokenizer.Split", steps[0].GetRawText(), "an isolating Regex");
            string pattern = regex.GetString() ?? "";
            PreTokenizer reader = PreTokenizer.OfPattern(pattern) ?? throw Unsupported("pre_tokenizer.Split.pattern", pattern, "Qwen2's pattern");
            return (reader, Flag(steps[1], "add_prefix_space"));
        }

        private bool ReadNormalizer()
        {
            if (IsNull(root, "normalizer", out JsonElement normalizer))
                return false;
            RequireKind("normalizer", normalizer, "NFC");
            return true;
        }

        private (int[] Before, int[] After) ReadPostProcessor()
        {
            if (IsNull(root, "post_processor", out JsonElement processor) || Kind(processor) == "ByteLevel")
                return ([], []);
            RequireKind("post_processor", processor, "TemplateProcessing");
            List<int> before = [], after = [];
            bool seen = false;
            foreach (JsonElement part in processor.GetProperty("single").EnumerateArray())
            {
                if (part.TryGetProperty("Sequence", out _))
                {
                    seen = true;
                    continue;
                }

                string name = part.GetProperty("SpecialToken").GetProperty("id").GetString()!;
                IEnumerable<int> ids = processor.GetProperty("special_tokens").GetProperty(name).GetProperty("ids").EnumerateArray().Select(i => i.GetInt32());
                (seen ? after : before).AddRange(ids);
            }

            return ([.. before], [.. after]);
        }

        private static string Kind(JsonElement element) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty("type", out JsonElement type) ? type.GetString() ?? "none" : "none";

        private void RequireKind(string part, JsonElement element, string wanted)
        {
            if (Kind(element) != wanted)
                throw Unsupported(part, Kind(element), wanted);
        }

        private void Refuse(JsonElement model, params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
            {
                if (!IsNull(model, name, out JsonElement value) && value.ToString().Length > 0)
                    throw Unsupported("model." + name, value.ToString(), "none");
            }
        }

        private ModelFormatException Unsupported(string part, string found, string supported) =>
            new($"{path}: the {part} \"{found}\" is not supported; {supported} is. Choose a model with another tokenizer.");
    }
}
