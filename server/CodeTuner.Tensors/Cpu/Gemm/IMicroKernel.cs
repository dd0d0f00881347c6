namespace CodeTuner.Tensors.Cpu.Gemm;

/// <summary>
/// The innermost loop of a matrix product: a block of C that stays in registers
/// (Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication").
/// </summary>
internal unsafe interface IMicroKernel
{
    /// <summary>Rows of the block.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of the block.</summary>
    static abstract int Columns { get; }

    /// <summary>Rows of <see cref="RunFew"/>; as many as <see cref="Rows"/> where nothing shorter is faster.</summary>
    static abstract int FewRows { get; }

    /// <summary>C (Rows, Columns) = or += scale · A · B.</summary>
    /// <param name="depth">K.</param>
    /// <param name="a">(K, Rows), packed.</param>
    /// <param name="b">(K, Columns).</param>
    /// <param name="bStep">Floats from a row of B to the next: Columns where it is packed.</param>
    /// <param name="c">The block's first element.</param>
    /// <param name="stride">Floats from a row of C to the next.</param>
    /// <param name="accumulate">Add to C rather than overwrite.</param>
    /// <param name="scale">Multiplied with the product.</param>
    static abstract void Run(int depth, float* a, float* b, long bStep, float* c, long stride, bool accumulate, float scale);

    /// <summary>The same of the first <see cref="FewRows"/> rows of A, which is packed for <see cref="Rows"/>: for the rest at the edge of C.</summary>
    /// <inheritdoc cref="Run"/>
    static abstract void RunFew(int depth, float* a, float* b, long bStep, float* c, long stride, bool accumulate, float scale);
}
