using System.Runtime.InteropServices;
using CodeTuner.Tensors.Ggml.Graphs;
using CodeTuner.Tensors.Ggml.Native;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Ggml;

/// <summary>
/// The seam on a device of ggml: Vulkan, CUDA, Metal or CPU.
/// </summary>
/// <remarks>
/// Operations are recorded. A Read or <see cref="Flush"/> turns what was recorded into one graph, which ggml's allocator
/// plans and the device runs whole. A graph is kept, and runs again whenever the same operations on the same shapes come,
/// on whatever memory they use then. What a tensor holds stays on the device until it is read or the tensor is released;
/// a value that is overwritten or released before it is needed is never stored, and one that nobody reads is never computed.
/// Integers are kept on the host too, where they are checked and attention masks are made from them.
/// </remarks>
public sealed partial class GgmlBackend : Backend
{
    private readonly GgmlStream stream;
    private readonly DeviceMemory memory;
    private readonly GraphMemory graphMemory;
    private readonly GraphCache graphs;
    private readonly Recording recording = new();
    private readonly GgmlBackendOptions options;
    private readonly HashSet<GgmlMissingOperation>? survey;
    private string? failure;
    private long allocated;
    private bool isDisposed;

    /// <param name="stream">The device.</param>
    /// <param name="options">How it works.</param>
    /// <param name="survey">Gets what the device lacks, which is then no failure.</param>
    internal GgmlBackend(GgmlStream stream, GgmlBackendOptions options, HashSet<GgmlMissingOperation>? survey = null)
    {
        this.survey = survey;
        this.stream = stream;
        this.options = options;
        memory = new DeviceMemory(stream, (long)(stream.Device.Memory.Total * options.MemoryShare), options.BufferBytes);
        graphMemory = new GraphMemory(stream);
        graphs = new GraphCache(options.CachedGraphs);
    }

    /// <inheritdoc/>
    public override string Name => $"ggml {stream.Device.Name} ({stream.Device.Description})";

    /// <inheritdoc/>
    public override long AllocatedBytes => allocated;

    /// <summary>The device that it computes on.</summary>
    public GgmlDevice Device => stream.Device;

    /// <summary>Bytes held on the device now: tensors, and room for the inner values of graphs.</summary>
    public long DeviceBytes => memory.HeldBytes + graphMemory.Bytes;

    /// <summary>How many graphs were built, and how many runs found one that was.</summary>
    public (long Built, long Reused) GraphCounts => (graphs.Built, graphs.Reused);

    /// <summary>Opens a device.</summary>
    /// <exception cref="GgmlDeviceException">It can not be opened.</exception>
    public static GgmlBackend Create(GgmlDevice device, GgmlBackendOptions? options = null)
    {
        options ??= new GgmlBackendOptions();
        return new GgmlBackend(new GgmlStream(device, options.Threads), options);
    }

    /// <inheritdoc/>
    public override void ReleaseUnused()
    {
        Flush();
        graphMemory.Release();
        memory.ReleaseEmpty();
    }

    /// <inheritdoc/>
    public override Tensor Allocate(Shape shape, DType type = DType.Float32)
    {
        ThrowIfUnusable();
        GgmlTensor tensor = new(shape, type, this);
        _ = NativeTypes.Of(type);
        allocated += tensor.Size;
        return tensor;
    }

    /// <inheritdoc/>
    public override void Release(Tensor tensor)
    {
        GgmlTensor own = Of(tensor);
        own.IsReleased = true;
        allocated -= own.Size;
        recording.Before.Remove(own);
        if (own.Value?.Block is { } block)
            Retire(block);
        own.Value = null;
    }

    /// <inheritdoc/>
    public override void Write(Tensor into, ReadOnlySpan<float> values)
    {
        OperationChecks.Count(into, values.Length);
        OperationChecks.AnyFloats(into, nameof(into));
        if (into.Type == DType.Float32)
        {
            Store(Of(into), MemoryMarshal.AsBytes(values));
            return;
        }

        byte[] bytes = new byte[into.Type.Bytes(into.Shape)];
        StorageFormats.Encode(values, bytes, into.Type);
        Store(Of(into), bytes);
    }

    /// <inheritdoc/>
    public override void Write(Tensor into, ReadOnlySpan<int> values)
    {
        OperationChecks.Count(into, values.Length);
        OperationChecks.Integers(into, nameof(into));
        StoreIntegers(Of(into), values.ToArray());
    }

    /// <inheritdoc/>
    public override void WriteBytes(Tensor into, ReadOnlySpan<byte> bytes)
    {
        OperationChecks.Bytes(into, bytes.Length);
        if (into.Type == DType.Int32)
            StoreIntegers(Of(into), MemoryMarshal.Cast<byte, int>(bytes).ToArray());
        else
            Store(Of(into), bytes);
    }

    /// <inheritdoc/>
    public override void Read(Tensor from, Span<float> values)
    {
        OperationChecks.Count(from, values.Length);
        OperationChecks.AnyFloats(from, nameof(from));
        if (from.Type == DType.Float32)
        {
            Load(Of(from), MemoryMarshal.AsBytes(values));
            return;
        }

        byte[] bytes = new byte[from.Type.Bytes(from.Shape)];
        Load(Of(from), bytes);
        StorageFormats.Decode(bytes, values, from.Type);
    }

    /// <inheritdoc/>
    public override void ReadBytes(Tensor from, Span<byte> bytes)
    {
        OperationChecks.Bytes(from, bytes.Length);
        GgmlTensor own = Of(from);
        if (own.Type == DType.Int32)
            MemoryMarshal.AsBytes<int>(own.Value?.Integers ?? new int[own.Shape.Count]).CopyTo(bytes);
        else
            Load(own, bytes);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        ThrowIfUnusable();
        if (recording.IsEmpty)
            return;
        List<DeviceBlock> fresh = [];
        try
        {
            Run(fresh);
        }
        catch
        {
            // Nothing was run: every tensor goes back to what it held.
            foreach ((GgmlTensor tensor, GgmlValue? value) in recording.Before)
                tensor.Value = value;
            foreach (DeviceBlock block in fresh)
                memory.Free(block);
            throw;
        }
        finally
        {
            DeviceBlock[] retired = [.. recording.Retired];
            recording.Clear();
            foreach (DeviceBlock block in retired)
                memory.Free(block);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (isDisposed || !disposing)
            return;
        isDisposed = true;
        graphs.Dispose();
        graphMemory.Dispose();
        memory.Dispose();
        stream.Dispose();
    }

    private void Run(List<DeviceBlock> fresh)
    {
        HashSet<int> needed = recording.FindNeeded();
        GgmlGraph graph = graphs.Get(recording.Signature(), () => Built(needed));
        foreach (RecordedOperation operation in recording.Operations)
        {
            foreach ((GgmlValue output, GgmlTensor tensor) in operation.Outputs.Zip(operation.Tensors))
            {
                if (!Recording.IsKept(output, tensor) || output.Block is not null)
                    continue;
                output.Block = NewBlock(output.Type, output.Columns, output.Rows);
                fresh.Add(output.Block);
            }
        }

        graph.Bind(recording);
        if (!graph.Plan(graphMemory))
        {
            memory.ReleaseEmpty();
            if (!graph.Plan(graphMemory))
                throw new DeviceMemoryException($"{Device} has no room for the inner values of a step; {DeviceMemory.Megabytes(DeviceBytes)} are in use here and {DeviceMemory.Megabytes(Device.Memory.Free)} are free. A smaller batch, a shorter context or activation checkpointing takes less.");
        }

        GgmlLog.Clear();
        GgmlStatus status = graph.Compute(stream);
        if (status == GgmlStatus.AllocFailed)
            throw new DeviceMemoryException($"{Device} ran out of memory while it computed. A smaller batch or a shorter context takes less. {GgmlLog.Recent()}".TrimEnd());
        if (status != GgmlStatus.Success)
        {
            failure = $"{Device} failed while it computed ({Native.Ggml.StatusToString(status)}): it may have been removed, reset, or taken by its driver. "
                + $"Continue on another device or on the CPU from the last checkpoint. {GgmlLog.Recent()}".TrimEnd();
            throw new DeviceLostException(failure);
        }

        foreach (GgmlValue value in recording.Slots)
            value.IsPending = false;
    }

    private GgmlGraph Built(HashSet<int> needed)
    {
        List<(Node Node, string Instead)>? detours = survey is null ? null : [];
        GgmlGraph graph = GgmlGraph.Build(recording, needed, detours);
        if (survey is not null)
        {
            survey.UnionWith(detours!.Where(d => !stream.Supports(d.Node.Handle)).Select(d => new GgmlMissingOperation(GgmlGraph.NameOf(d.Node), d.Instead)));
            survey.UnionWith(graph.Unsupported(stream).Select(name => new GgmlMissingOperation(name, null)));
            return graph;
        }

        if (graph.Unsupported(stream) is { Count: > 0 } missing)
        {
            graph.Dispose();
            throw new GgmlDeviceException($"{Device} can not compute {string.Join(", ", missing)}; a newer driver may.");
        }

        return graph;
    }

    private void Record(GgmlOperation name, int[] numbers, GgmlValue[] inputs, Tensor[] outputs, Action<OperationNodes> build, int nodeLimit = 48)
    {
        ThrowIfUnusable();
        GgmlTensor[] tensors = Array.ConvertAll(outputs, Of);
        GgmlValue[] values = Array.ConvertAll(tensors, tensor =>
        {
            GgmlValue value = new(tensor.Type, tensor.Shape) { IsPending = true, Block = tensor.Value?.Block };
            return value;
        });
        recording.Add(new RecordedOperation(name, numbers, inputs, values, tensors, build, nodeLimit));
        for (int i = 0; i < tensors.Length; i++)
        {
            recording.Before.TryAdd(tensors[i], tensors[i].Value);
            tensors[i].Value = values[i];
            if (values[i].Block is { } block)
                block.InFlight = true;
        }
    }

    /// <summary>What a tensor holds now, as an operand. One that was never set gets memory with whatever is in it.</summary>
    private GgmlValue In(Tensor tensor)
    {
        GgmlTensor own = Of(tensor);
        GgmlValue value = own.Value ??= new GgmlValue(own.Type, own.Shape);
        if (value.IsPending)
            return value;
        if (value.Block is null)
        {
            value.Block = NewBlock(value.Type, value.Columns, value.Rows);
            if (value.Integers is not null)
                Upload(value.Block, MemoryMarshal.AsBytes<int>(value.Integers));
        }

        value.Block.InFlight = true;
        return value;
    }

    /// <summary>Numbers that an operation needs besides its operands; they are gone once it has run.</summary>
    private GgmlValue Extra(DType type, Shape shape, ReadOnlySpan<byte> bytes)
    {
        GgmlValue value = new(type, shape) { Block = NewBlock(type, shape.Columns, shape.Rows) };
        value.Block.InFlight = true;
        recording.Retired.Add(value.Block);
        Upload(value.Block, bytes);
        return value;
    }

    private int[] Integers(Tensor tensor) => Of(tensor).Value?.Integers ?? new int[tensor.Shape.Count];

    private void StoreIntegers(GgmlTensor tensor, int[] values)
    {
        ThrowIfUnusable();
        Forget(tensor);
        tensor.Value = new GgmlValue(tensor.Type, tensor.Shape) { Integers = values };
    }

    private void Store(GgmlTensor tensor, ReadOnlySpan<byte> bytes)
    {
        ThrowIfUnusable();
        if (bytes.IsEmpty)
            return;
        if (tensor.Value is not { IsPending: false, Block: { InFlight: false } block })
        {
            // Recorded work still needs what is there.
            Forget(tensor);
            block = NewBlock(tensor.Type, tensor.Shape.Columns, tensor.Shape.Rows);
            tensor.Value = new GgmlValue(tensor.Type, tensor.Shape) { Block = block };
        }

        Upload(block, bytes);
    }

    /// <summary>Drops what a tensor holds.</summary>
    private void Forget(GgmlTensor tensor)
    {
        recording.Before.Remove(tensor);
        if (tensor.Value?.Block is { } old)
            Retire(old);
        tensor.Value = null;
    }

    private void Load(GgmlTensor tensor, Span<byte> bytes)
    {
        ThrowIfUnusable();
        if (bytes.IsEmpty)
            return;
        if (tensor.Value is { IsPending: true })
            Flush();
        if (tensor.Value?.Block is { } block)
            Download(block, bytes);
    }

    private void Retire(DeviceBlock block)
    {
        if (block.InFlight)
            recording.Retired.Add(block);
        else
            memory.Free(block);
    }

    private unsafe DeviceBlock NewBlock(DType type, long columns, long rows)
    {
        GgmlTensorStruct tensor = NativeTypes.Describe(type, columns, rows);
        long size = (long)Native.Ggml.BackendBufferTypeGetAllocSize(stream.BufferType, (nint)(&tensor));
        return memory.Allocate(size);
    }

    private unsafe void Upload(DeviceBlock block, ReadOnlySpan<byte> bytes)
    {
        GgmlTensorStruct tensor = Bytes(block, bytes.Length);
        stream.Upload(&tensor, bytes);
    }

    private unsafe void Download(DeviceBlock block, Span<byte> bytes)
    {
        GgmlTensorStruct tensor = Bytes(block, bytes.Length);
        stream.Download(&tensor, bytes);
    }

    private static unsafe GgmlTensorStruct Bytes(DeviceBlock block, int length)
    {
        GgmlTensorStruct tensor = default;
        tensor.Type = GgmlType.I8;
        (tensor.Ne[0], tensor.Ne[1], tensor.Ne[2], tensor.Ne[3]) = (length, 1, 1, 1);
        tensor.Nb[0] = 1;
        tensor.Nb[1] = tensor.Nb[2] = tensor.Nb[3] = (ulong)length;
        (tensor.Buffer, tensor.Data) = (block.Buffer.Handle, block.Address);
        return tensor;
    }

    private GgmlTensor Of(Tensor tensor)
    {
        if (tensor is not GgmlTensor own || own.Owner != this)
            throw new ArgumentException($"A tensor of another backend was given: {tensor.GetType().Name} {tensor}.");
        ObjectDisposedException.ThrowIf(own.IsReleased, own);
        return own;
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (failure is not null)
            throw new DeviceLostException(failure);
    }

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);
}
