namespace CodeTuner.Tensors.Cpu.Threading;

/// <summary>Who gives way to whom on a <see cref="CpuThreadPool"/>.</summary>
public enum ComputePriority
{
    /// <summary>Tuning: stops between two tiles while an interactive request is under way.</summary>
    Background,

    /// <summary>A person is waiting.</summary>
    Interactive,
}
