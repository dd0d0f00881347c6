using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.Ggml.Native;

/// <summary>
/// The functions of <c>libggml-base</c>, by their names in ggml.h, ggml-alloc.h and ggml-backend.h.
/// Contexts, tensors, graphs, buffers and devices are pointers. <see cref="GgmlLibrary"/> says which file they are in.
/// </summary>
internal static partial class Ggml
{
    /// <summary>The name that the resolver knows the library by.</summary>
    public const string LibraryName = "ggml-base";

    /// <summary><c>GGML_PREC_F32</c>: sums of a product are kept in float32.</summary>
    public const int PrecisionF32 = 10;

    [LibraryImport(LibraryName, EntryPoint = "ggml_version")]
    private static partial nint VersionPointer();

    public static string Version() => Text(VersionPointer());

    [LibraryImport(LibraryName, EntryPoint = "ggml_tensor_overhead")]
    public static partial nuint TensorOverhead();

    [LibraryImport(LibraryName, EntryPoint = "ggml_graph_overhead_custom")]
    public static partial nuint GraphOverheadCustom(nuint size, [MarshalAs(UnmanagedType.U1)] bool grads);

    [LibraryImport(LibraryName, EntryPoint = "ggml_op_name")]
    private static partial nint OpNamePointer(GgmlOp op);

    public static string OpName(GgmlOp op) => Text(OpNamePointer(op));

    [LibraryImport(LibraryName, EntryPoint = "ggml_unary_op_name")]
    private static partial nint UnaryOpNamePointer(GgmlUnaryOp op);

    public static string UnaryOpName(GgmlUnaryOp op) => Text(UnaryOpNamePointer(op));

    [LibraryImport(LibraryName, EntryPoint = "ggml_type_name")]
    private static partial nint TypeNamePointer(GgmlType type);

    public static string TypeName(GgmlType type) => Text(TypeNamePointer(type));

    [LibraryImport(LibraryName, EntryPoint = "ggml_type_size")]
    public static partial nuint TypeSize(GgmlType type);

    [LibraryImport(LibraryName, EntryPoint = "ggml_blck_size")]
    public static partial long BlockSize(GgmlType type);

    [LibraryImport(LibraryName, EntryPoint = "ggml_status_to_string")]
    private static partial nint StatusToStringPointer(GgmlStatus status);

    public static string StatusToString(GgmlStatus status) => Text(StatusToStringPointer(status));

    [LibraryImport(LibraryName, EntryPoint = "ggml_log_set")]
    public static partial void LogSet(nint callback, nint data);

    [LibraryImport(LibraryName, EntryPoint = "ggml_set_abort_callback")]
    public static partial nint SetAbortCallback(nint callback);

    [LibraryImport(LibraryName, EntryPoint = "ggml_init")]
    public static partial nint Init(GgmlInitParams parameters);

    [LibraryImport(LibraryName, EntryPoint = "ggml_free")]
    public static partial void Free(nint context);

    [LibraryImport(LibraryName, EntryPoint = "ggml_new_tensor_4d")]
    public static partial nint NewTensor4D(nint context, GgmlType type, long ne0, long ne1, long ne2, long ne3);

    [LibraryImport(LibraryName, EntryPoint = "ggml_set_input")]
    public static partial void SetInput(nint tensor);

    [LibraryImport(LibraryName, EntryPoint = "ggml_set_output")]
    public static partial void SetOutput(nint tensor);

    [LibraryImport(LibraryName, EntryPoint = "ggml_add")]
    public static partial nint Add(nint context, nint a, nint b);

    [LibraryImport(LibraryName, EntryPoint = "ggml_sub")]
    public static partial nint Sub(nint context, nint a, nint b);

    [LibraryImport(LibraryName, EntryPoint = "ggml_mul")]
    public static partial nint Mul(nint context, nint a, nint b);

    [LibraryImport(LibraryName, EntryPoint = "ggml_div")]
    public static partial nint Div(nint context, nint a, nint b);

    [LibraryImport(LibraryName, EntryPoint = "ggml_sqr")]
    public static partial nint Sqr(nint context, nint a);

    [LibraryImport(LibraryName, EntryPoint = "ggml_sqrt")]
    public static partial nint Sqrt(nint context, nint a);

    [LibraryImport(LibraryName, EntryPoint = "ggml_log")]
    public static partial nint Log(nint context, nint a);

    [LibraryImport(LibraryName, EntryPoint = "ggml_clamp")]
    public static partial nint Clamp(nint context, nint a, float minimum, float maximum);

    [LibraryImport(LibraryName, EntryPoint = "ggml_scale_bias")]
    public static partial nint ScaleBias(nint context, nint a, float scale, float bias);

    [LibraryImport(LibraryName, EntryPoint = "ggml_sum_rows")]
    public static partial nint SumRows(nint context, nint a);

    [LibraryImport(LibraryName, EntryPoint = "ggml_repeat_back")]
    public static partial nint RepeatBack(nint context, nint a, nint b);

    [LibraryImport(LibraryName, EntryPoint = "ggml_concat")]
    public static partial nint Concat(nint context, nint a, nint b, int dimension);

    [LibraryImport(LibraryName, EntryPoint = "ggml_unary")]
    public static partial nint Unary(nint context, nint a, GgmlUnaryOp op);

    [LibraryImport(LibraryName, EntryPoint = "ggml_silu_back")]
    public static partial nint SiluBack(nint context, nint gradient, nint x);

    [LibraryImport(LibraryName, EntryPoint = "ggml_rms_norm")]
    public static partial nint RmsNorm(nint context, nint a, float epsilon);

    [LibraryImport(LibraryName, EntryPoint = "ggml_mul_mat")]
    public static partial nint MulMat(nint context, nint a, nint b);

    [LibraryImport(LibraryName, EntryPoint = "ggml_mul_mat_set_prec")]
    public static partial void MulMatSetPrecision(nint a, int precision);

    [LibraryImport(LibraryName, EntryPoint = "ggml_out_prod")]
    public static partial nint OutProd(nint context, nint a, nint b);

    [LibraryImport(LibraryName, EntryPoint = "ggml_cpy")]
    public static partial nint Copy(nint context, nint a, nint b);

    [LibraryImport(LibraryName, EntryPoint = "ggml_cast")]
    public static partial nint Cast(nint context, nint a, GgmlType type);

    [LibraryImport(LibraryName, EntryPoint = "ggml_cont")]
    public static partial nint Cont(nint context, nint a);

    [LibraryImport(LibraryName, EntryPoint = "ggml_reshape_4d")]
    public static partial nint Reshape4D(nint context, nint a, long ne0, long ne1, long ne2, long ne3);

    [LibraryImport(LibraryName, EntryPoint = "ggml_view_4d")]
    public static partial nint View4D(nint context, nint a, long ne0, long ne1, long ne2, long ne3, nuint nb1, nuint nb2, nuint nb3, nuint offset);

    [LibraryImport(LibraryName, EntryPoint = "ggml_permute")]
    public static partial nint Permute(nint context, nint a, int axis0, int axis1, int axis2, int axis3);

    [LibraryImport(LibraryName, EntryPoint = "ggml_get_rows")]
    public static partial nint GetRows(nint context, nint a, nint indices);

    [LibraryImport(LibraryName, EntryPoint = "ggml_get_rows_back")]
    public static partial nint GetRowsBack(nint context, nint a, nint indices, nint shape);

    [LibraryImport(LibraryName, EntryPoint = "ggml_set_rows")]
    public static partial nint SetRows(nint context, nint into, nint rows, nint indices);

    [LibraryImport(LibraryName, EntryPoint = "ggml_soft_max_ext")]
    public static partial nint SoftMax(nint context, nint a, nint mask, float scale, float maxBias);

    [LibraryImport(LibraryName, EntryPoint = "ggml_soft_max_ext_back")]
    public static partial nint SoftMaxBack(nint context, nint gradient, nint y, float scale, float maxBias);

    [LibraryImport(LibraryName, EntryPoint = "ggml_argmax")]
    public static partial nint ArgMax(nint context, nint a);

    [LibraryImport(LibraryName, EntryPoint = "ggml_opt_step_adamw")]
    public static partial nint OptStepAdamW(nint context, nint parameter, nint gradient, nint firstMoment, nint secondMoment, nint numbers);

    [LibraryImport(LibraryName, EntryPoint = "ggml_new_graph_custom")]
    public static partial nint NewGraphCustom(nint context, nuint size, [MarshalAs(UnmanagedType.U1)] bool grads);

    [LibraryImport(LibraryName, EntryPoint = "ggml_build_forward_expand")]
    public static partial void BuildForwardExpand(nint graph, nint tensor);

    [LibraryImport(LibraryName, EntryPoint = "ggml_graph_n_nodes")]
    public static partial int GraphNodeCount(nint graph);

    [LibraryImport(LibraryName, EntryPoint = "ggml_graph_node")]
    public static partial nint GraphNode(nint graph, int index);

    [LibraryImport(LibraryName, EntryPoint = "ggml_gallocr_new")]
    public static partial nint AllocatorNew(nint bufferType);

    [LibraryImport(LibraryName, EntryPoint = "ggml_gallocr_free")]
    public static partial void AllocatorFree(nint allocator);

    [LibraryImport(LibraryName, EntryPoint = "ggml_gallocr_reserve")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool AllocatorReserve(nint allocator, nint graph);

    [LibraryImport(LibraryName, EntryPoint = "ggml_gallocr_reserve_n_size")]
    public static partial void AllocatorReserveSize(nint allocator, nint graph, nint nodeBuffers, nint leafBuffers, nint sizes);

    [LibraryImport(LibraryName, EntryPoint = "ggml_gallocr_alloc_graph")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool AllocatorAllocGraph(nint allocator, nint graph);

    [LibraryImport(LibraryName, EntryPoint = "ggml_gallocr_get_buffer_size")]
    public static partial nuint AllocatorGetBufferSize(nint allocator, int buffer);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_buft_alloc_buffer")]
    public static partial nint BackendBufferTypeAllocBuffer(nint bufferType, nuint size);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_buft_get_alignment")]
    public static partial nuint BackendBufferTypeGetAlignment(nint bufferType);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_buft_get_max_size")]
    public static partial nuint BackendBufferTypeGetMaxSize(nint bufferType);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_buft_get_alloc_size")]
    public static partial nuint BackendBufferTypeGetAllocSize(nint bufferType, nint tensor);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_buffer_free")]
    public static partial void BackendBufferFree(nint buffer);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_buffer_get_base")]
    public static partial nint BackendBufferGetBase(nint buffer);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_tensor_alloc")]
    public static partial GgmlStatus BackendTensorAlloc(nint buffer, nint tensor, nint address);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_tensor_set")]
    public static partial void BackendTensorSet(nint tensor, nint data, nuint offset, nuint size);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_tensor_get")]
    public static partial void BackendTensorGet(nint tensor, nint data, nuint offset, nuint size);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_tensor_memset")]
    public static partial void BackendTensorMemset(nint tensor, byte value, nuint offset, nuint size);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_graph_compute")]
    public static partial GgmlStatus BackendGraphCompute(nint backend, nint graph);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_synchronize")]
    public static partial void BackendSynchronize(nint backend);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_free")]
    public static partial void BackendFree(nint backend);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_dev_name")]
    private static partial nint BackendDeviceNamePointer(nint device);

    public static string BackendDeviceName(nint device) => Text(BackendDeviceNamePointer(device));

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_dev_description")]
    private static partial nint BackendDeviceDescriptionPointer(nint device);

    public static string BackendDeviceDescription(nint device) => Text(BackendDeviceDescriptionPointer(device));

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_dev_memory")]
    public static partial void BackendDeviceMemory(nint device, out nuint free, out nuint total);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_dev_type")]
    public static partial GgmlDeviceType BackendDeviceType(nint device);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_dev_get_props")]
    public static partial void BackendDeviceGetProperties(nint device, out GgmlDeviceProperties properties);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_dev_init")]
    public static partial nint BackendDeviceInit(nint device, nint parameters);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_dev_buffer_type")]
    public static partial nint BackendDeviceBufferType(nint device);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_dev_supports_op")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool BackendDeviceSupportsOp(nint device, nint operation);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_reg_name")]
    private static partial nint BackendRegistryNamePointer(nint registry);

    public static string BackendRegistryName(nint registry) => Text(BackendRegistryNamePointer(registry));

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_reg_dev_count")]
    public static partial nuint BackendRegistryDeviceCount(nint registry);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_reg_dev_get")]
    public static partial nint BackendRegistryDeviceGet(nint registry, nuint index);

    [LibraryImport(LibraryName, EntryPoint = "ggml_backend_reg_get_proc_address", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint BackendRegistryGetProcAddress(nint registry, string name);

    private static string Text(nint pointer) => Marshal.PtrToStringUTF8(pointer) ?? "";
}
