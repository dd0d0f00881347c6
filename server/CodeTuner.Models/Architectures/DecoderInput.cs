using CodeTuner.Tensors;

namespace CodeTuner.Models.Architectures;

/// <summary>What a decoder reads: B rows of T tokens.</summary>
/// <param name="Ids">(B·T) token ids.</param>
/// <param name="Positions">(B·T) positions for the rotary embedding.</param>
/// <param name="FirstKey">(B·T): the first position of its row that each token may look at; null means all before it.</param>
/// <param name="Batch">B.</param>
/// <param name="Length">T.</param>
public readonly record struct DecoderInput(Tensor Ids, Tensor Positions, Tensor? FirstKey, int Batch, int Length);
