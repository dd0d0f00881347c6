namespace CodeTuner.Tensors.Cpu;

/// <summary>Work on a stretch of rows, each independent of the others.</summary>
internal interface IRowBody
{
    /// <summary>Does rows first … first + count − 1.</summary>
    void Rows(int first, int count);
}
