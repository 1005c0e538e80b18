namespace Terrace.Numerics.LinearAlgebra;

/// <summary>A dense matrix of doubles, stored column by column without gaps: element (i, j) is <c>Values[i + j * Rows]</c>.</summary>
public sealed class Matrix
{
    /// <summary>Creates a matrix of zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative or the product of the dimensions does not fit an array.</exception>
    public Matrix(int rows, int columns) : this(rows, columns, new double[Length(rows, columns)]) { }

    /// <summary>Creates a matrix over <paramref name="values"/> (column by column), which it does not copy.</summary>
    /// <exception cref="ArgumentException"><paramref name="values"/> has another length than rows × columns.</exception>
    public Matrix(int rows, int columns, double[] values)
    {
        if (values.Length != Length(rows, columns)) throw new ArgumentException($"{rows} x {columns} needs {(long)rows * columns} values, not {values.Length}.", nameof(values));
        Rows = rows;
        Columns = columns;
        Values = values;
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>The elements, column by column.</summary>
    public double[] Values { get; }

    /// <summary>Element (<paramref name="row"/>, <paramref name="column"/>), counted from 0.</summary>
    public double this[int row, int column]
    {
        get => Values[row + column * Rows];
        set => Values[row + column * Rows] = value;
    }

    /// <summary>Column <paramref name="j"/> in place.</summary>
    public Span<double> Column(int j) => Values.AsSpan(j * Rows, Rows);

    /// <summary>The identity matrix.</summary>
    public static Matrix Identity(int size)
    {
        var identity = new Matrix(size, size);
        for (int i = 0; i < size; i++) identity[i, i] = 1;
        return identity;
    }

    /// <summary>An independent copy.</summary>
    public Matrix Copy() => new(Rows, Columns, (double[])Values.Clone());

    private static int Length(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        long length = (long)rows * columns;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength, nameof(rows));
        return (int)length;
    }
}
