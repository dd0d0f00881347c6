using System.Text;
using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Tuning.Tests;

/// <summary>A token a UTF-8 byte, then the sentinels: what a test needs to see every token of a text.</summary>
internal sealed class ByteTokenizer : Tokenizer
{
    private static readonly string[] Special =
        ["<|endoftext|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"];

    public static readonly FimFormat Format = FimFormat.Detect(new ByteTokenizer())!;

    public override int VocabularySize => 256 + Special.Length;

    public override int[] Encode(string text, bool parseSpecial = false)
    {
        Assert.False(parseSpecial);
        return [.. Encoding.UTF8.GetBytes(text).Select(b => (int)b)];
    }

    public override string Decode(ReadOnlySpan<int> ids, bool skipSpecial = false)
    {
        StringBuilder text = new();
        List<byte> bytes = [];
        foreach (int id in ids)
        {
            if (id < 256)
            {
                bytes.Add((byte)id);
                continue;
            }

            text.Append(Encoding.UTF8.GetString([.. bytes])).Append(skipSpecial ? "" : Special[id - 256]);
            bytes.Clear();
        }

        return text.Append(Encoding.UTF8.GetString([.. bytes])).ToString();
    }

    public override ReadOnlySpan<byte> Bytes(int id) => id < 256 ? new byte[] { (byte)id } : Encoding.UTF8.GetBytes(Special[id - 256]);

    public override int? TokenId(string token) => Array.IndexOf(Special, token) is >= 0 and int i ? 256 + i : null;
}
