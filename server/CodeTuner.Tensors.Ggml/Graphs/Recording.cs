namespace CodeTuner.Tensors.Ggml.Graphs;

/// <summary>An operation that was asked for and is yet to run.</summary>
/// <param name="Name">Which one.</param>
/// <param name="Numbers">Everything besides its operands that decides which graph it becomes.</param>
/// <param name="Inputs">The values that it reads.</param>
/// <param name="Outputs">The values that it makes.</param>
/// <param name="Tensors">The tensors that it writes, one for each output.</param>
/// <param name="Build">Adds its nodes to a graph.</param>
/// <param name="NodeLimit">The most nodes that it takes.</param>
internal sealed record RecordedOperation(
    GgmlOperation Name, int[] Numbers, GgmlValue[] Inputs, GgmlValue[] Outputs, GgmlTensor[] Tensors, Action<OperationNodes> Build, int NodeLimit)
{
    /// <summary>Whether anybody will read one of its outputs.</summary>
    public bool IsNeeded { get; set; }
}

/// <summary>
/// The operations since work was last sent to the device, with the values that they read and make numbered by first use.
/// Two recordings with the same <see cref="Signature"/> become the same graph, whatever memory they use.
/// </summary>
internal sealed class Recording
{
    private readonly List<int> signature = [];
    private readonly Dictionary<DeviceBlock, int> stored = [];

    public List<RecordedOperation> Operations { get; } = [];

    /// <summary>Every value in order of first use; its place is its slot.</summary>
    public List<GgmlValue> Slots { get; } = [];

    /// <summary>What each tensor that is written here held before; it goes back there if the work can not be done.</summary>
    public Dictionary<GgmlTensor, GgmlValue?> Before { get; } = [];

    /// <summary>Blocks that nobody needs once this has run.</summary>
    public List<DeviceBlock> Retired { get; } = [];

    public bool IsEmpty => Operations.Count == 0;

    public void Add(RecordedOperation operation)
    {
        Operations.Add(operation);
        signature.Add((int)operation.Name);
        signature.Add(operation.Numbers.Length);
        signature.AddRange(operation.Numbers);
        signature.Add(operation.Inputs.Length);
        foreach (GgmlValue input in operation.Inputs)
            signature.Add(SlotOf(input));
        signature.Add(operation.Outputs.Length);
        foreach (GgmlValue output in operation.Outputs)
            signature.Add(SlotOf(output));
    }

    /// <summary>What decides the graph. Call it after <see cref="FindNeeded"/>.</summary>
    public int[] Signature()
    {
        List<int> all = [.. signature];
        foreach (RecordedOperation operation in Operations)
        {
            foreach ((GgmlValue output, GgmlTensor tensor) in operation.Outputs.Zip(operation.Tensors))
                all.Add(IsKept(output, tensor) ? 2 + StoredIn(output) : 0);
        }

        return [.. all];
    }

    /// <summary>Whether a value outlives the recording.</summary>
    public static bool IsKept(GgmlValue output, GgmlTensor tensor) => !tensor.IsReleased && tensor.Value == output;

    /// <summary>The slot of the value read here that lies where this one goes, or -1.</summary>
    public int StoredIn(GgmlValue output) => output.Block is { } block && stored.TryGetValue(block, out int slot) ? slot : -1;

    /// <summary>Marks the operations whose results are read or kept, and gives those values' slots.</summary>
    public HashSet<int> FindNeeded()
    {
        HashSet<int> needed = [];
        for (int i = Operations.Count - 1; i >= 0; i--)
        {
            RecordedOperation operation = Operations[i];
            bool any = false;
            foreach ((GgmlValue output, GgmlTensor tensor) in operation.Outputs.Zip(operation.Tensors))
            {
                if (IsKept(output, tensor))
                    needed.Add(output.Slot);
                any |= needed.Contains(output.Slot);
            }

            operation.IsNeeded = any;
            if (!any)
                continue;
            foreach (GgmlValue input in operation.Inputs)
                needed.Add(input.Slot);
        }

        return needed;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        foreach (GgmlValue value in Slots)
        {
            value.Slot = -1;
            if (value.Block is { } block)
                block.InFlight = false;
        }

        signature.Clear();
        stored.Clear();
        Operations.Clear();
        Slots.Clear();
        Before.Clear();
        Retired.Clear();
    }

    private int SlotOf(GgmlValue value)
    {
        if (value.Slot >= 0)
            return value.Slot;
        value.Slot = Slots.Count;
        Slots.Add(value);
        signature.Add((int)value.Type);
        signature.Add((int)value.Columns);
        signature.Add((int)value.Rows);
        signature.Add(value.IsPending ? 1 : 0);
        if (!value.IsPending && value.Block is { } block)
            stored[block] = value.Slot;
        return value.Slot;
    }
}
