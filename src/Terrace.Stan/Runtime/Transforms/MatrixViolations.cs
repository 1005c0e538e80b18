using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Stan.Runtime.Transforms;

/// <summary>What keeps a matrix (column-major) from being symmetric, positive definite or a Cholesky factor, in words; null when nothing does.</summary>
internal static class MatrixViolations
{
    /// <summary>How far constraints that hold exactly in theory may be missed.</summary>
    public const double Tolerance = 1e-8;

    /// <summary>Zero above the diagonal, positive on it.</summary>
    public static string? NotLowerTriangular(ReadOnlySpan<double> x, int rows, int cols)
    {
        for (int j = 0; j < cols; j++)
        {
            for (int i = 0; i < Math.Min(j, rows); i++) if (x[(j * rows) + i] != 0) return $"{BoundShape.Element(i, j, "the")} is {x[(j * rows) + i]}, but must be 0 above the diagonal";
            if (j < rows && !(x[(j * rows) + j] > 0)) return $"{BoundShape.Element(j, j, "the diagonal")} is {x[(j * rows) + j]}, but must be positive";
            for (int i = j + 1; i < rows; i++) if (double.IsNaN(x[(j * rows) + i])) return $"{BoundShape.Element(i, j, "the")} is not a number";
        }
        return null;
    }

    /// <summary>Symmetric.</summary>
    public static string? NotSymmetric(ReadOnlySpan<double> x, int size)
    {
        for (int j = 0; j < size; j++)
        {
            for (int i = j; i < size; i++)
            {
                double below = x[(j * size) + i], above = x[(i * size) + j];
                if (!(Math.Abs(below - above) <= Tolerance)) return $"the matrix is not symmetric: {BoundShape.Element(i, j, "")} is {below}, ({j + 1}, {i + 1}) is {above}";
            }
        }
        return null;
    }

    /// <summary>Symmetric and positive definite.</summary>
    public static string? NotPositiveDefinite(ReadOnlySpan<double> x, int size) => NotSymmetric(x, size) ?? (TryFactor(x, size) is null ? "the matrix is not positive definite" : null);

    /// <summary>The Cholesky factor of a symmetric matrix, zero above the diagonal, or null.</summary>
    public static Matrix? TryFactor(ReadOnlySpan<double> x, int size)
    {
        var factor = new Matrix(size, size, x[..(size * size)].ToArray());
        if (!Cholesky.TryFactor(factor)) return null;
        for (int j = 1; j < size; j++) factor.Column(j)[..j].Clear();
        return factor;
    }
}
