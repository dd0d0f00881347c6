namespace CodeTuner.Tensors.Ggml.Native;

/// <summary><c>ggml_type</c>: how elements are stored; those that are used here.</summary>
internal enum GgmlType
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q8_0 = 8,
    I8 = 24,
    I32 = 26,
    BF16 = 30,
}

/// <summary><c>ggml_op</c>: the operations of a graph; those that are used here.</summary>
internal enum GgmlOp
{
    None = 0,
    Dup = 1,
    Add = 2,
    Sub = 6,
    Mul = 7,
    Div = 8,
    Sqr = 9,
    Sqrt = 10,
    Log = 11,
    SumRows = 15,
    ArgMax = 18,
    RepeatBack = 21,
    Concat = 22,
    SiluBack = 23,
    RmsNorm = 25,
    MulMat = 29,
    OutProd = 31,
    Scale = 32,
    Cpy = 34,
    Cont = 35,
    Reshape = 36,
    View = 37,
    Permute = 38,
    Transpose = 39,
    GetRows = 40,
    GetRowsBack = 41,
    SetRows = 42,
    SoftMax = 46,
    SoftMaxBack = 47,
    Clamp = 50,
    Unary = 91,
    OptStepAdamW = 98,
}

/// <summary><c>ggml_unary_op</c>; those that are used here.</summary>
internal enum GgmlUnaryOp
{
    Sigmoid = 7,
    Silu = 10,
}

/// <summary><c>ggml_status</c>: how a graph ended.</summary>
internal enum GgmlStatus
{
    AllocFailed = -2,
    Failed = -1,
    Success = 0,
    Aborted = 1,
}

/// <summary><c>ggml_backend_dev_type</c>.</summary>
internal enum GgmlDeviceType
{
    Cpu = 0,
    Gpu = 1,
    IntegratedGpu = 2,
    Accelerator = 3,
    Meta = 4,
}

/// <summary><c>ggml_tensor_flag</c>.</summary>
[Flags]
internal enum GgmlTensorFlags
{
    Input = 1,
    Output = 2,
    Param = 4,
    Loss = 8,
    Compute = 16,
}

/// <summary><c>ggml_log_level</c>.</summary>
internal enum GgmlLogLevel
{
    None = 0,
    Debug = 1,
    Info = 2,
    Warn = 3,
    Error = 4,
    Cont = 5,
}
