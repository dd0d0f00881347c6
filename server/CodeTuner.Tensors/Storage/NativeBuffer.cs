using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.Storage;

/// <summary>
/// Room outside the collector's heap for what is large and soon gone, such as a tensor on its way to or from a file: the collector
/// would give an array of megabytes back to the system while all threads wait.
/// </summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    private void* memory;
    private nuint capacity;

    /// <summary>So many elements, whose values are not defined; those of an earlier call are gone.</summary>
    /// <exception cref="OverflowException">They are more than a span can hold.</exception>
    /// <exception cref="OutOfMemoryException">The system has no room for them.</exception>
    public Span<T> Take<T>(long count)
        where T : unmanaged
    {
        int length = checked((int)count);
        nuint wanted = (nuint)length * (nuint)sizeof(T);
        if (wanted > capacity)
        {
            Dispose();
            memory = NativeMemory.Alloc(wanted);
            capacity = wanted;
        }

        return new Span<T>(memory, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(memory);
        memory = null;
        capacity = 0;
    }
}
