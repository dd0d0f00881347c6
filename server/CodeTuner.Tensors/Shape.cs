namespace CodeTuner.Tensors;

/// <summary>The sizes of a tensor's dimensions, outermost first; one to four of them, row-major.</summary>
public readonly record struct Shape
{
    private readonly int d0, d1, d2, d3;

    /// <summary>A vector.</summary>
    public Shape(int d0)
        : this(1, d0, 1, 1, 1)
    {
    }

    /// <summary>A matrix of <paramref name="d0"/> rows.</summary>
    public Shape(int d0, int d1)
        : this(2, d0, d1, 1, 1)
    {
    }

    /// <summary>Three dimensions.</summary>
    public Shape(int d0, int d1, int d2)
        : this(3, d0, d1, d2, 1)
    {
    }

    /// <summary>Four dimensions.</summary>
    public Shape(int d0, int d1, int d2, int d3)
        : this(4, d0, d1, d2, d3)
    {
    }

    private Shape(int rank, int d0, int d1, int d2, int d3)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(d0);
        ArgumentOutOfRangeException.ThrowIfNegative(d1);
        ArgumentOutOfRangeException.ThrowIfNegative(d2);
        ArgumentOutOfRangeException.ThrowIfNegative(d3);
        (Rank, this.d0, this.d1, this.d2, this.d3) = (rank, d0, d1, d2, d3);
    }

    /// <summary>The number of dimensions.</summary>
    public int Rank { get; }

    /// <summary>The size of a dimension; 0 is the outermost.</summary>
    public int this[int dimension] => dimension switch
    {
        0 when Rank > 0 => d0,
        1 when Rank > 1 => d1,
        2 when Rank > 2 => d2,
        3 when Rank > 3 => d3,
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"The shape {this} has no such dimension."),
    };

    /// <summary>The number of elements.</summary>
    public long Count => Rank == 0 ? 0 : (long)d0 * d1 * d2 * d3;

    /// <summary>The size of the innermost dimension.</summary>
    public int Columns => this[Rank - 1];

    /// <summary>The number of rows when all dimensions but the innermost are taken as one.</summary>
    public int Rows => Columns == 0 ? 0 : checked((int)(Count / Columns));

    /// <summary>A shape from a list of sizes, as file formats give them; no size at all means a scalar, held as one element.</summary>
    public static Shape From(ReadOnlySpan<long> sizes) => sizes.Length switch
    {
        0 => new Shape(1),
        1 => new Shape(checked((int)sizes[0])),
        2 => new Shape(checked((int)sizes[0]), checked((int)sizes[1])),
        3 => new Shape(checked((int)sizes[0]), checked((int)sizes[1]), checked((int)sizes[2])),
        4 => new Shape(checked((int)sizes[0]), checked((int)sizes[1]), checked((int)sizes[2]), checked((int)sizes[3])),
        _ => throw new ArgumentException($"A tensor has at most four dimensions, not {sizes.Length}.", nameof(sizes)),
    };

    /// <inheritdoc/>
    public override string ToString() => Rank switch
    {
        0 => "()",
        1 => $"({d0})",
        2 => $"({d0}, {d1})",
        3 => $"({d0}, {d1}, {d2})",
        _ => $"({d0}, {d1}, {d2}, {d3})",
    };
}
