using System.Text.Json;

namespace CodeTuner.Models.Tokenizers;

/// <summary>Reads <c>tokenizer.json</c> as Hugging Face's tokenizers library writes it.</summary>
public static class TokenizerFile
{
    /// <summary>Loads a tokenizer.</summary>
    /// <exception cref="ModelFormatException">The file is missing or damaged, or a part of it is of a kind that is not supported.</exception>
    public static Tokenizer Load(string path) => new ByteLevelBpeTokenizer(LoadParts(path));

    /// <summary>Reads what a tokenizer is made of, to write it in another format.</summary>
    /// <exception cref="ModelFormatException">As <see cref="Load"/>.</exception>
    internal static TokenizerParts LoadParts(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new Reader(path, document.RootElement).Read();
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
            RequireKind("decoder", root.GetProperty("decoder"), "ByteLevel");
            (List<PreTokenizer> preTokenizers, bool prefixSpace) = ReadPreTokenizers(root.GetProperty("pre_tokenizer"));
            AddedToken[] added = [.. root.GetProperty("added_tokens").EnumerateArray().Select(ReadAdded)];
            HashSet<int> special = [.. added.Where(a => a.IsSpecial).Select(a => a.Id)];
            CheckIds(vocabulary, added);
            CheckBytes(vocabulary, special);
            (List<int> before, List<int> after) = ReadPostProcessor(IsNull(root, "post_processor", out JsonElement processor) ? null : processor);
            return new TokenizerParts
            {
                Vocabulary = vocabulary,
                Merges = ReadMerges(model.GetProperty("merges"), vocabulary, special),
                AddedTokens = added,
                PreTokenizers = preTokenizers,
                AddsPrefixSpace = prefixSpace,
                NormalizesToNfc = !IsNull(root, "normalizer", out JsonElement normalizer) && ReadNormalizer(normalizer),
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
            Flag(e, "lstrip"), Flag(e, "rstrip"), Flag(e, "normalized"));

        private Dictionary<(int, int), (int, int)> ReadMerges(JsonElement list, Dictionary<string, int> vocabulary, HashSet<int> special)
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

                // Text must never become a special token by merging, whatever the file says.
                if (!special.Contains(m))
                    merges[(l, r)] = (rank, m);
                rank++;
            }

            return merges;
        }

        private static (string Left, string Right) SplitMerge(string merge)
        {
            int space = merge.IndexOf(' ', StringComparison.Ordinal);
            return space > 0 ? (merge[..space], merge[(space + 1)..]) : throw new FormatException($"\"{merge}\" is not a merge");
        }

        private (List<PreTokenizer> Stages, bool PrefixSpace) ReadPreTokenizers(JsonElement element)
        {
            List<PreTokenizer> stages = [];
            bool byteLevel = false, prefixSpace = false;
            Read(element);
            if (!byteLevel)
                throw Unsupported("pre_tokenizer", Kind(element), "ByteLevel, alone or at the end of a Sequence,");
            return (stages, prefixSpace);

            void Read(JsonElement stage)
            {
                string kind = Kind(stage);
                if (byteLevel)
                    throw Unsupported("pre_tokenizer", $"{kind} after ByteLevel", "ByteLevel at the end");
                switch (kind)
                {
                    case "Sequence":
                        foreach (JsonElement inner in stage.GetProperty("pretokenizers").EnumerateArray())
                            Read(inner);
                        break;
                    case "Split":
                        stages.Add(ReadSplit(stage));
                        break;
                    case "Digits":
                        stages.Add(new DigitsPreTokenizer(Flag(stage, "individual_digits")));
                        break;
                    case "ByteLevel":
                        prefixSpace = Flag(stage, "add_prefix_space");
                        if (prefixSpace && stages.Count > 0)
                            throw Unsupported("pre_tokenizer", "ByteLevel with add_prefix_space after other stages", "ByteLevel without it");
                        if (IsNull(stage, "use_regex", out JsonElement use) || use.GetBoolean())
                            stages.Add(new SplitPreTokenizer(ScalarPatternParser.Parse(PreTokenizer.Gpt2Pattern), keepMatches: true, keepGaps: true));
                        byteLevel = true;
                        break;
                    default:
                        throw Unsupported("pre_tokenizer", kind, "a Sequence of Split, Digits and ByteLevel");
                }
            }
        }

        private SplitPreTokenizer ReadSplit(JsonElement stage)
        {
            if (IsNull(stage.GetProperty("pattern"), "Regex", out JsonElement regex))
                throw Unsupported("pre_tokenizer.Split.pattern", stage.GetProperty("pattern").GetRawText(), "a Regex");
            bool invert = Flag(stage, "invert");
            string behavior = stage.GetProperty("behavior").GetString() ?? "none";
            (bool matches, bool gaps) = behavior switch
            {
                "Isolated" => (true, true),
                "Removed" => (invert, !invert),
                _ => throw Unsupported("pre_tokenizer.Split.behavior", behavior, "Isolated or Removed"),
            };
            string pattern = regex.GetString() ?? "";
            try
            {
                return new SplitPreTokenizer(ScalarPatternParser.Parse(pattern), matches, gaps);
            }
            catch (NotSupportedException e)
            {
                throw new ModelFormatException(
                    $"{path}: the pre_tokenizer.Split.pattern cannot be read: {e.Message}. Choose a model with another tokenizer.", e);
            }
        }

        private bool ReadNormalizer(JsonElement normalizer)
        {
            if (Kind(normalizer) == "Sequence")
                return normalizer.GetProperty("normalizers").EnumerateArray().Aggregate(false, (nfc, inner) => nfc | ReadNormalizer(inner));
            RequireKind("normalizer", normalizer, "NFC");
            return true;
        }

        private (List<int> Before, List<int> After) ReadPostProcessor(JsonElement? part)
        {
            List<int> before = [], after = [];
            if (part is not { } processor || Kind(processor) == "ByteLevel")
                return (before, after); // ByteLevel changes offsets only, which nothing here uses
            if (Kind(processor) == "Sequence")
            {
                foreach (JsonElement step in processor.GetProperty("processors").EnumerateArray())
                {
                    (List<int> outerBefore, List<int> outerAfter) = ReadPostProcessor(step);
                    before.InsertRange(0, outerBefore);
                    after.AddRange(outerAfter);
                }

                return (before, after);
            }

            RequireKind("post_processor", processor, "TemplateProcessing");
            int texts = 0;
            foreach (JsonElement piece in processor.GetProperty("single").EnumerateArray())
            {
                if (piece.TryGetProperty("Sequence", out _))
                {
                    texts++;
                    continue;
                }

                string name = piece.GetProperty("SpecialToken").GetProperty("id").GetString()!;
                IEnumerable<int> ids = processor.GetProperty("special_tokens").GetProperty(name).GetProperty("ids").EnumerateArray().Select(i => i.GetInt32());
                (texts == 0 ? before : after).AddRange(ids);
            }

            if (texts != 1)
                throw Unsupported("post_processor.single", $"a template with {texts} texts", "a template with one");
            return (before, after);
        }

        private static void CheckIds(Dictionary<string, int> vocabulary, AddedToken[] added)
        {
            Dictionary<int, string> tokenOf = [];
            IEnumerable<(string Token, int Id)> all = vocabulary.Select(v => (v.Key, v.Value)).Concat(added.Select(a => (a.Content, a.Id)));
            foreach ((string token, int id) in all)
            {
                if (id is < 0 or > 10_000_000)
                    throw new FormatException($"the id {id} of \"{token}\" is out of range");
                if (!tokenOf.TryAdd(id, token) && tokenOf[id] != token)
                    throw new FormatException($"\"{tokenOf[id]}\" and \"{token}\" have the same id {id}");
            }

            if (added.FirstOrDefault(a => a.Content.Length == 0) is { } empty)
                throw new FormatException($"the added token {empty.Id} is empty");
            if (added.FirstOrDefault(a => vocabulary.TryGetValue(a.Content, out int id) && id != a.Id) is { } moved)
                throw new FormatException($"the added token \"{moved.Content}\" has another id in the vocabulary");
        }

        private void CheckBytes(Dictionary<string, int> vocabulary, HashSet<int> special)
        {
            for (int b = 0; b < 256; b++)
            {
                if (b is 0xC0 or 0xC1 or >= 0xF5)
                    continue; // these do not occur in UTF-8
                string token = ByteAlphabet.Char((byte)b).ToString();
                if (!vocabulary.TryGetValue(token, out int id))
                    throw Unsupported("model.vocab", $"a vocabulary without the byte 0x{b:X2}", "a byte-level vocabulary with every byte");
                if (special.Contains(id))
                    throw Unsupported("added_tokens", $"{token}, a byte, as a special token", "a byte that is not special");
            }
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
