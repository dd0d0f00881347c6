using CodeTuner.Tensors;
using CodeTuner.Tensors.Autograd;

namespace CodeTuner.Models.Architectures;

/// <summary>
/// One block of a Llama-family decoder: h = x + attention(norm(x)), y = h + mlp(norm(h))
/// (Touvron et al. 2023, arXiv 2302.13971; Qwen2 adds biases to q, k and v, arXiv 2407.10671).
/// </summary>
internal sealed class DecoderLayer(ModelConfig config, int index, Func<string, Parameter> weight, Func<string, bool, LinearLayer> linear)
{
    private readonly Parameter inputNorm = weight("input_layernorm.weight");
    private readonly Parameter postAttentionNorm = weight("post_attention_layernorm.weight");
    private readonly LinearLayer queryProjection = linear("self_attn.q_proj", config.QkvBias);
    private readonly LinearLayer keyProjection = linear("self_attn.k_proj", config.QkvBias);
    private readonly LinearLayer valueProjection = linear("self_attn.v_proj", config.QkvBias);
    private readonly LinearLayer outputProjection = linear("self_attn.o_proj", config.OutputBias);
    private readonly LinearLayer gateProjection = linear("mlp.gate_proj", config.MlpBias);
    private readonly LinearLayer upProjection = linear("mlp.up_proj", config.MlpBias);
    private readonly LinearLayer downProjection = linear("mlp.down_proj", config.MlpBias);

    /// <summary>x (B·T, C) to y (B·T, C).</summary>
    public Variable Forward(Tape tape, Variable x, DecoderInput input, Tensor rotary, KeyValueCache? cache, float dropout)
    {
        Variable h = tape.RmsNorm(x, inputNorm, config.RmsNormEpsilon); // (B·T, C)
        Variable attended = outputProjection.Apply(tape, Attend(tape, h, input, rotary, cache)); // (B·T, C)
        x = tape.Residual(x, tape.Dropout(attended, dropout));
        h = tape.RmsNorm(x, postAttentionNorm, config.RmsNormEpsilon);
        Variable gated = tape.GatedActivation(gateProjection.Apply(tape, h), upProjection.Apply(tape, h), Activation.Silu); // (B·T, F)
        return tape.Residual(x, tape.Dropout(downProjection.Apply(tape, gated), dropout));
    }

    /// <summary>The same without a cache, keeping only x: the rest is computed again in the backward pass.</summary>
    public Variable ForwardTwice(Tape tape, Variable x, DecoderInput input, Tensor rotary, float dropout) =>
        tape.Checkpoint(x, (on, from) => Forward(on, from, input, rotary, null, dropout));

    private Variable Attend(Tape tape, Variable h, DecoderInput input, Tensor rotary, KeyValueCache? cache)
    {
        Variable q = tape.Rotary(queryProjection.Apply(tape, h), input.Positions, rotary, config.HeadSize); // (B·T, Hq·D)
        Variable k = tape.Rotary(keyProjection.Apply(tape, h), input.Positions, rotary, config.HeadSize); // (B·T, Hkv·D)
        Variable v = valueProjection.Apply(tape, h); // (B·T, Hkv·D)
        int keys = input.Length;
        if (cache is not null)
        {
            (Tensor allKeys, Tensor allValues) = cache.Append(index, k.Value, v.Value);
            (k, v, keys) = (tape.Constant(allKeys), tape.Constant(allValues), cache.Count + input.Length);
        }

        AttentionShape shape = new(
            input.Batch, input.Length, keys, config.QueryHeads, config.KeyValueHeads, config.HeadSize, 1 / MathF.Sqrt(config.HeadSize));
        return tape.Attention(q, k, v, input.FirstKey, shape);
    }
}
