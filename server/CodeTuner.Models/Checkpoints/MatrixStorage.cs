using CodeTuner.Models.Architectures;
using CodeTuner.Tensors;

namespace CodeTuner.Models.Checkpoints;

/// <summary>
/// Which matrices of a model a storage type is for. Four bits are for the linear layers: the embedding and the output layer, whose
/// every row stands for a token, are kept in eight (llama.cpp's Q4_0 files keep the output layer in more bits than the rest too).
/// </summary>
public static class MatrixStorage
{
    /// <summary>The type of one matrix.</summary>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="storage">The type that is wanted for the model.</param>
    public static DType Of(string name, DType storage) =>
        storage == DType.Q4_0 && name is "model.embed_tokens.weight" or "lm_head.weight" ? DType.Q8_0 : storage;

    /// <summary>The bytes of a model whose matrices are stored so.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="storage">The type that is wanted for the model.</param>
    public static long Bytes(ModelConfig config, DType storage)
    {
        long tokens = (long)config.VocabularySize * config.HiddenSize * (config.TieWordEmbeddings ? 1 : 2);
        return BytesOf(tokens, Of("lm_head.weight", storage)) + BytesOf(config.ParameterCount - tokens, storage);
    }

    /// <summary>Whether the rows of all matrices are whole blocks of a type.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="storage">The type.</param>
    public static bool Fits(ModelConfig config, DType storage)
    {
        int block = storage.BlockSize();
        return config.HiddenSize % block == 0 && config.IntermediateSize % block == 0 && config.QueryHeads * config.HeadSize % block == 0;
    }

    private static long BytesOf(long elements, DType type) => elements * type.BlockBytes() / type.BlockSize();
}
