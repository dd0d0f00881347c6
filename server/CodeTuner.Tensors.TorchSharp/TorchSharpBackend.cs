using System.Runtime.InteropServices;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.TorchSharp;

/// <summary>
/// The seam on libtorch, by TorchSharp. On a CUDA device operations are queued and done later; on the CPU they are done
/// when a call returns. libtorch's own autograd is not used: the tape is above the seam.
/// </summary>
/// <remarks>
/// Sums over rows that meet (<see cref="ScatterAdd"/>) are taken in the order of the device's threads on CUDA, so that
/// two runs may differ there in the last bits.
/// </remarks>
public sealed partial class TorchSharpBackend : Backend
{
    private readonly HashSet<TorchSharpTensor> live = [];
    private readonly torch.Device device;
    private long allocated;

    /// <summary>A backend on the first CUDA device, or on the CPU where there is none, unless <paramref name="options"/> say otherwise.</summary>
    /// <exception cref="PlatformNotSupportedException">libtorch cannot be loaded, or does not find the device.</exception>
    public TorchSharpBackend(TorchSharpBackendOptions? options = null)
    {
        Device = options?.Device ?? (IsCudaAvailable() ? TorchSharpDevice.Cuda() : TorchSharpDevice.Cpu);
        try
        {
            torch.InitializeDeviceType(Device.IsCuda ? DeviceType.CUDA : DeviceType.CPU);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or DllNotFoundException or TypeInitializationException)
        {
            throw new PlatformNotSupportedException(
                $"TorchSharp cannot use {Device} here: its native libraries are missing or find no such device. "
                + "Choose another device, or install the TorchSharp package of this system.",
                e);
        }

        if (Device.IsCuda && Device.Index >= torch.cuda.device_count())
            throw new PlatformNotSupportedException($"There is no {Device}: libtorch finds {torch.cuda.device_count()} CUDA devices, the first of which is 0.");
        device = Device.IsCuda ? new torch.Device(DeviceType.CUDA, Device.Index) : torch.CPU;
    }

    /// <summary>Where the tensors live.</summary>
    public TorchSharpDevice Device { get; }

    /// <inheritdoc/>
    public override string Name => $"TorchSharp ({Device})";

    /// <inheritdoc/>
    public override long AllocatedBytes => allocated;

    /// <summary>Whether libtorch is there and finds a CUDA device.</summary>
    public static bool IsCudaAvailable()
    {
        try
        {
            return torch.cuda.is_available();
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or DllNotFoundException or TypeInitializationException or ExternalException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override Tensor Allocate(Shape shape, DType type = DType.Float32)
    {
        TorchSharpTensor tensor = new(shape, type, device);
        allocated += tensor.Size;
        live.Add(tensor);
        return tensor;
    }

    /// <inheritdoc/>
    public override void Release(Tensor tensor)
    {
        TorchSharpTensor own = Of(tensor);
        allocated -= own.Size;
        live.Remove(own);
        own.Dispose();
    }

    /// <inheritdoc/>
    public override void Write(Tensor into, ReadOnlySpan<float> values)
    {
        OperationChecks.Count(into, values.Length);
        OperationChecks.AnyFloats(into, nameof(into));
        TorchSharpTensor to = Of(into);
        if (to.Type == DType.Float32)
        {
            Upload(to, MemoryMarshal.AsBytes(values));
            return;
        }

        byte[] encoded = new byte[to.Type.Bytes(to.Shape)];
        StorageFormats.Encode(values, encoded, to.Type);
        Upload(to, encoded);
    }

    /// <inheritdoc/>
    public override void Write(Tensor into, ReadOnlySpan<int> values)
    {
        OperationChecks.Count(into, values.Length);
        OperationChecks.Integers(into, nameof(into));
        Of(into).WriteIntegers(values);
    }

    /// <inheritdoc/>
    public override void WriteBytes(Tensor into, ReadOnlySpan<byte> bytes)
    {
        OperationChecks.Bytes(into, bytes.Length);
        TorchSharpTensor to = Of(into);
        if (to.Type == DType.Int32)
            to.WriteIntegers(MemoryMarshal.Cast<byte, int>(bytes));
        else
            Upload(to, bytes);
    }

    /// <inheritdoc/>
    public override void Read(Tensor from, Span<float> values)
    {
        OperationChecks.Count(from, values.Length);
        OperationChecks.AnyFloats(from, nameof(from));
        TorchSharpTensor source = Of(from);
        Do(values, into => HostMemory.Download(AsFloats(source), into));
    }

    /// <inheritdoc/>
    public override void ReadBytes(Tensor from, Span<byte> bytes)
    {
        OperationChecks.Bytes(from, bytes.Length);
        TorchSharpTensor source = Of(from);
        switch (source.Type)
        {
            case DType.Int32:
                MemoryMarshal.AsBytes(source.Integers).CopyTo(bytes);
                break;
            case DType.Q8_0 or DType.Q4_0:
                Do(bytes, into =>
                {
                    Half[] scales = new Half[source.Blocks];
                    sbyte[] quants = new sbyte[source.Shape.Count];
                    HostMemory.Download<Half>(source.Scales, scales);
                    HostMemory.Download<sbyte>(source.Value, quants);
                    QuantisedBlocks.Join(source.Type, scales, quants, into);
                });
                break;
            default:
                Do(bytes, into => HostMemory.Download(source.Value, into));
                break;
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // The device works through one queue: once it has answered, everything asked for before is done.
        if (Device.IsCuda)
            Do(() => HostMemory.Download(torch.zeros(1, torch.ScalarType.Float32, device), stackalloc float[1]));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (TorchSharpTensor tensor in live)
            tensor.Dispose();
        live.Clear();
        allocated = 0;
    }

    private static TorchSharpTensor Of(Tensor tensor)
    {
        if (tensor is not TorchSharpTensor own)
            throw new ArgumentException($"A tensor of another backend was given: {tensor.GetType().Name} {tensor}.");
        ObjectDisposedException.ThrowIf(own.IsReleased, own);
        return own;
    }

    /// <summary>A float32 tensor's values, as a matrix.</summary>
    private static TorchTensor Values(Tensor tensor) => Of(tensor).Value;

    /// <summary>The values of a tensor of any float type as a float32 matrix; for the other types it is made for this use.</summary>
    private static TorchTensor AsFloats(Tensor tensor)
    {
        TorchSharpTensor own = Of(tensor);
        return own.Type switch
        {
            DType.Float32 => own.Value,
            DType.Q8_0 or DType.Q4_0 => QuantisedBlocks.Dequantize(own.Value, own.Scales).reshape(own.Rows, own.Columns),
            _ => own.Value.to(torch.ScalarType.Float32),
        };
    }

    /// <summary>Overwrites a tensor with a fresh result, or adds the result to it.</summary>
    private static void Store(Tensor into, TorchTensor result, bool accumulate = false)
    {
        TorchSharpTensor to = Of(into);
        if (accumulate)
            to.Value.add_(result.reshape(to.Rows, to.Columns));
        else
            to.Become(result);
    }

    private void Upload(TorchSharpTensor into, ReadOnlySpan<byte> bytes) => Do(bytes, from =>
    {
        if (!into.Type.IsQuantised())
        {
            into.Become(HostMemory.Upload(from, [into.Rows, into.Columns], TorchSharpTensor.ScalarTypeOf(into.Type), device));
            return;
        }

        Half[] scales = new Half[into.Blocks];
        sbyte[] quants = new sbyte[into.Shape.Count];
        QuantisedBlocks.Split(into.Type, from, scales, quants);
        into.Become(
            HostMemory.Upload<sbyte>(quants, [into.Blocks, into.Type.BlockSize()], torch.ScalarType.Int8, device),
            HostMemory.Upload<Half>(scales, [into.Blocks, 1], torch.ScalarType.Float16, device));
    });

    /// <summary>Runs calls of libtorch: what they leave behind is freed, and their failures become this project's.</summary>
    private void Do(Action body) => Do(body, static run => run());

    private void Do<TState>(TState state, Action<TState> body)
        where TState : allows ref struct
    {
        using DisposeScope temporaries = torch.NewDisposeScope();
        try
        {
            body(state);
        }
        catch (ExternalException e)
        {
            throw TorchSharpErrors.Translate(e, this);
        }
    }
}
