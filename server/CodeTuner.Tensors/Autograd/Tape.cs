namespace CodeTuner.Tensors.Autograd;

/// <summary>
/// Records operations as they are applied and goes back over them for the gradients (reverse-mode differentiation).
/// It knows a backend only by its seam.
/// </summary>
/// <remarks>
/// What a step allocates belongs to the tape: it is freed as the backward pass leaves it behind, the rest by
/// <see cref="Reset"/>. Variables, operations and tensors are pooled; a step like the one before allocates nothing.
/// </remarks>
public sealed partial class Tape(Backend backend)
{
    private readonly List<Operation> operations = [];
    private readonly List<Variable> variables = [];
    private readonly List<Tensor> tensors = [];
    private readonly Stack<Variable> spareVariables = [];
    private readonly Dictionary<Type, Stack<Operation>> spareOperations = [];

    /// <summary>Where the arithmetic is done.</summary>
    public Backend Backend { get; } = backend;

    /// <summary>Whether operations are recorded. Without, nothing is kept for a backward pass.</summary>
    public bool IsRecording { get; set; }

    /// <summary>Whether this is training: dropout applies.</summary>
    public bool IsTraining { get; set; }

    /// <summary>Seed of this step's dropout masks.</summary>
    public ulong DropoutSeed { get; set; }

    /// <summary>A variable of a tensor that somebody else owns and that needs no gradient.</summary>
    public Variable Constant(Tensor tensor) => Track(tensor, owned: false, requiresGradient: false);

    /// <summary>A vector of integers, freed with the tape.</summary>
    public Tensor Integers(ReadOnlySpan<int> values)
    {
        Tensor tensor = Backend.Allocate(new Shape(values.Length), DType.Int32);
        Backend.Write(tensor, values);
        tensors.Add(tensor);
        return tensor;
    }

    /// <summary>Where the variables are now, for <see cref="ReleaseSince"/>.</summary>
    public int Mark() => variables.Count;

    /// <summary>Without recording: frees the values made since <paramref name="mark"/> but for <paramref name="keep"/>.</summary>
    public void ReleaseSince(int mark, Variable keep)
    {
        if (IsRecording)
            return;
        int kept = mark;
        for (int i = mark; i < variables.Count; i++)
        {
            Variable variable = variables[i];
            if (variable == keep)
                variables[kept++] = variable;
            else
                Recycle(variable);
        }

        variables.RemoveRange(kept, variables.Count - kept);
    }

    /// <summary>Runs the recorded operations backwards; gradients of <see cref="Parameter"/>s add up.</summary>
    /// <remarks>They begin at operations that bring their own gradient, the losses. What does not lead to one gets none.</remarks>
    public void Backward()
    {
        for (int i = operations.Count - 1; i >= 0; i--)
        {
            Operation operation = operations[i];
            Variable output = operation.Output;
            if (operation.IsLoss || output.HasGradient)
                operation.Backward(this);
            Return(operation);
            FreeTensors(output);
        }

        operations.Clear();
    }

    /// <summary>Frees everything since the last reset.</summary>
    public void Reset()
    {
        inner?.Reset();
        for (int i = operations.Count - 1; i >= 0; i--)
            Return(operations[i]);
        operations.Clear();
        foreach (Variable variable in variables)
            Recycle(variable);
        variables.Clear();
        foreach (Tensor tensor in tensors)
            Backend.Release(tensor);
        tensors.Clear();
    }

    internal Variable Result(Shape shape, bool requiresGradient) => Track(Backend.Allocate(shape), owned: true, requiresGradient);

    /// <summary>The result of an operation that works in place on <paramref name="input"/>'s tensor.</summary>
    /// <exception cref="InvalidOperationException">The input is a weight, which would be lost.</exception>
    internal Variable InPlace(Variable input, bool requiresGradient)
    {
        if (input is Parameter parameter)
            throw new InvalidOperationException($"{parameter.Name} is a weight: an operation that works in place would overwrite it.");
        bool owned = input.OwnsValue;
        return Track(input.TakeValue(), owned, requiresGradient);
    }

    internal T Record<T>(Variable output)
        where T : Operation, new()
    {
        T operation = spareOperations.TryGetValue(typeof(T), out Stack<Operation>? stack) && stack.Count > 0 ? (T)stack.Pop() : new T();
        operation.Output = output;
        operations.Add(operation);
        return operation;
    }

    internal bool Wants(Variable variable) => IsRecording && variable.RequiresGradient;

    /// <summary>Where a variable's gradient goes, and whether something is there to add to.</summary>
    internal Tensor GradientOf(Variable variable, out bool accumulate)
    {
        variable.Gradient ??= Backend.Allocate(variable.Shape);
        accumulate = variable.HasGradient;
        variable.HasGradient = true;
        return variable.Gradient;
    }

    /// <summary>A place for a gradient that an operation can only overwrite; <see cref="EndGradient"/> must follow.</summary>
    internal Tensor BeginGradient(Variable variable)
    {
        if (variable.HasGradient)
            return Backend.Allocate(variable.Shape);
        return GradientOf(variable, out _);
    }

    /// <summary>Adds what <see cref="BeginGradient"/> gave to what was there before.</summary>
    internal void EndGradient(Variable variable, Tensor gradient)
    {
        if (ReferenceEquals(variable.Gradient, gradient))
            return;
        Backend.AddScaled(variable.Gradient!, gradient, 1);
        Backend.Release(gradient);
    }

    /// <summary>Adds a gradient that is no longer needed elsewhere: it becomes the variable's own where that has none.</summary>
    internal void MoveGradient(Variable from, Variable to)
    {
        Tensor gradient = from.Gradient!;
        from.Gradient = null;
        from.HasGradient = false;
        if (to.HasGradient)
        {
            Backend.AddScaled(to.Gradient!, gradient, 1);
            Backend.Release(gradient);
            return;
        }

        if (to.Gradient is not null)
            Backend.Release(to.Gradient);
        to.Gradient = gradient;
        to.HasGradient = true;
    }

    private Variable Track(Tensor tensor, bool owned, bool requiresGradient)
    {
        Variable variable = spareVariables.Count > 0 ? spareVariables.Pop() : new Variable();
        variable.Become(tensor, owned, requiresGradient && IsRecording);
        variables.Add(variable);
        return variable;
    }

    private void Return(Operation operation)
    {
        operation.Clear(this);
        operation.Output = null!;
        if (!spareOperations.TryGetValue(operation.GetType(), out Stack<Operation>? stack))
            spareOperations[operation.GetType()] = stack = new Stack<Operation>();
        stack.Push(operation);
    }

    private void FreeTensors(Variable variable)
    {
        if (variable is Parameter)
            return;
        if (variable.Gradient is not null)
            Backend.Release(variable.Gradient);
        variable.Gradient = null;
        variable.HasGradient = false;
        if (variable.HasValue && variable.OwnsValue)
            Backend.Release(variable.TakeValue());
    }

    private void Recycle(Variable variable)
    {
        FreeTensors(variable);
        spareVariables.Push(variable);
    }
}
