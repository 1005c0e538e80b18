namespace Terrace.Stan.Runtime;

/// <summary>
/// Real numbers in the arena of a <see cref="Workspace"/>: a scalar, vector, row vector, matrix, or an array of any depth of one of them. Element (k, i, j) of an array of matrices is at
/// Offset + k·Rows·Cols + j·Rows + i: arrays row-major on the outside, matrices column-major inside, as data files and Stan lay them out.
/// </summary>
/// <param name="Offset">The place of the first element in <see cref="Workspace.V"/>, and of its adjoint in <see cref="Workspace.A"/>.</param>
/// <param name="Outer">The number of array elements, of all array dimensions together; 1 without an array.</param>
/// <param name="Rows">Rows of an element: n of a vector, 1 of a row vector and of a scalar.</param>
/// <param name="Cols">Columns of an element: n of a row vector, 1 of a vector and of a scalar.</param>
/// <param name="Active">Whether the values depend on the parameters, so that adjoints are wanted.</param>
internal readonly record struct Block(int Offset, int Outer, int Rows, int Cols, bool Active)
{
    /// <summary>The number of elements.</summary>
    public int Count => Outer * Rows * Cols;

    /// <summary>The number of elements of one array element.</summary>
    public int Inner => Rows * Cols;

    /// <summary>Array element <paramref name="k"/> (from 0), without copying.</summary>
    public Block Element(int k) => new(Offset + (k * Rows * Cols), 1, Rows, Cols, Active);
}

/// <summary>Integers in the arena of a <see cref="Workspace"/>: an array of any depth, row-major.</summary>
/// <param name="Offset">The place of the first element in <see cref="Workspace.I"/>.</param>
/// <param name="Count">The number of elements.</param>
internal readonly record struct IntBlock(int Offset, int Count);
