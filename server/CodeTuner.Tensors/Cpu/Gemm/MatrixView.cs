namespace CodeTuner.Tensors.Cpu.Gemm;

/// <summary>
/// An operand of a matrix product in memory, seen as (outer, K): rows or columns of the product by depth.
/// </summary>
/// <param name="Data">The first element.</param>
/// <param name="Type">How elements are stored.</param>
/// <param name="Stride">Elements from one stored row to the next.</param>
/// <param name="DepthIsContiguous">Whether stored rows run along K; otherwise along the outer dimension.</param>
internal readonly unsafe record struct MatrixView(nint Data, DType Type, long Stride, bool DepthIsContiguous)
{
    public float* Floats => (float*)Data;
}
