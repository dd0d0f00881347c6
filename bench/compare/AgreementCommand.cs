using System.CommandLine;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Compare;

/// <summary><c>agree</c>: llama.cpp reads our GGUF file, cuts texts into the same tokens and goes on after prompts as this engine does.</summary>
internal static class AgreementCommand
{
    // How far apart, in nats, the same token's probability may be on the two sides. They add in another order, and the peer rounds
    // what it multiplies with the weights to float16, bfloat16 or eight bits, where this engine keeps float32.
    private static readonly Dictionary<string, double> Tolerance = new() { ["f32"] = 0.001, ["f16"] = 0.005, ["bf16"] = 0.03, ["q8_0"] = 0.1, ["q4_0"] = 0.1 };

    public static Command Create()
    {
        Option<int> tokens = new("--tokens") { Description = "Tokens a prompt.", DefaultValueFactory = _ => 24 };
        Command command = new("agree", "Compare tokens and greedy continuations.")
        {
            CommonOptions.Peer, CommonOptions.Model, CommonOptions.Types, CommonOptions.Threads, tokens,
        };
        command.SetAction(result =>
        {
            bool all = true;
            foreach (string type in result.GetValue(CommonOptions.Types)!)
            {
                using ComparedModel compared = new(result.GetValue(CommonOptions.Model), ComparedModel.TypeOf(type), result.GetValue(CommonOptions.Threads));
                using LlamaServer peer = new(result.GetValue(CommonOptions.Peer)!, compared.File, result.GetValue(CommonOptions.Threads), compared.Model.ContextLength);
                all &= CompareTokens(type, compared.Model.Tokenizer, peer);
                all &= CompareContinuations(type, compared.Model, peer, result.GetValue(tokens));
            }

            return all ? 0 : 1;
        });
        return command;
    }

    private static bool CompareTokens(string type, Tokenizer tokenizer, LlamaServer peer)
    {
        int texts = 0, tokens = 0, wrong = 0;
        foreach (string text in Samples.Texts())
        {
            int[] ours = tokenizer.Encode(text), theirs = peer.Tokenize(text);
            texts++;
            tokens += ours.Length;
            if (ours.SequenceEqual(theirs))
                continue;
            wrong++;
            int at = ours.Zip(theirs).TakeWhile(p => p.First == p.Second).Count();
            Console.WriteLine($"{type}: a text of {text.Length} characters is cut otherwise from token {at} on, after \"{tokenizer.Decode(ours.AsSpan(0, at))[^Math.Min(20, at)..]}\"");
        }

        Console.WriteLine($"{type}: {texts - wrong} of {texts} texts ({tokens} tokens) give the same tokens");
        return wrong == 0;
    }

    private static bool CompareContinuations(string type, DecoderLanguageModel model, LlamaServer peer, int count)
    {
        int same = 0, ties = 0, prompts = 0, compared = 0;
        double largest = 0;
        foreach (int[] prompt in Samples.Prompts(model))
        {
            prompts++;
            PeerContinuation theirs = peer.Continue(prompt, count);
            GenerationResult ours = model.Generate(prompt, new GenerationOptions { MaxTokens = count });
            int at = ours.Tokens.Zip(theirs.Tokens).TakeWhile(p => p.First == p.Second).Count();
            compared += at;
            for (int i = 0; i < at && theirs.LogProbabilities is not null; i++)
                largest = Math.Max(largest, Math.Abs(ours.LogProbabilities[i] - theirs.LogProbabilities[i]));

            if (at == count)
            {
                same++;
                continue;
            }

            int[] before = [.. prompt, .. ours.Tokens.Take(at)];
            int mine = ours.Tokens[at], other = theirs.Tokens[at];
            float[] logits = model.LastLogits(before);
            IReadOnlyDictionary<int, double> best = peer.BestAfter(before);
            double here = logits[mine] - logits[other];
            double there = best.TryGetValue(other, out double a) && best.TryGetValue(mine, out double b) ? a - b : double.NaN;
            bool tie = here < Tolerance[type] && there < Tolerance[type];
            ties += tie ? 1 : 0;
            Console.WriteLine($"{type}: prompt {prompts} differs from token {at} on: {mine} here, {other} there; "
                + $"each side prefers its own by {here:F4} and {there:F4} nats{(tie ? ", a tie" : "")}");
        }

        Console.WriteLine($"{type}: {same} of {prompts} continuations are the same, {ties} more but for a tie; "
            + $"{compared} equal tokens, their log-probabilities at most {largest:F4} nats apart (allowed: {Tolerance[type]})");
        return same + ties == prompts && largest <= Tolerance[type];
    }
}
