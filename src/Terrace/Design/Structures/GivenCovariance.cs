using Terrace.Data;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design.Structures;

/// <summary>
/// The basis of a covariance that the user gives, such as the relatedness of animals: BB' is the matrix itself. <code>A = LL', B = L;  where A is singular: A = V diag(λ) V', B = V diag(√λ) of the positive λ</code>
/// Bürkner (2018), Advanced Bayesian multilevel modeling with the R package brms, section on covariances of group-level effects; Lynch and Walsh (1998), chapter 26, for animal models. Checked in <c>GivenCovarianceTests</c>.
/// </summary>
internal static class GivenCovariance
{
    private const double Negligible = 1e-10;

    /// <summary>Reads a symmetric table whose header names the levels.</summary>
    /// <exception cref="DataException">The file cannot be read, is no symmetric table, or has a negative eigenvalue.</exception>
    public static (IReadOnlyList<string> Levels, Matrix Basis) Read(string path)
    {
        (IReadOnlyList<string> levels, Matrix values) = SquareTable.Of(CsvFile.Read(path), path);
        return (levels, Basis(values) ?? throw new DataException($"{path} is no covariance: it has negative eigenvalues, and no effects can have it. Check the signs and the order of rows and columns."));
    }

    /// <summary>B of a symmetric matrix; null where it is no covariance.</summary>
    public static Matrix? Basis(Matrix covariance)
    {
        Matrix factor = covariance.Copy();
        double largest = 0;
        for (int i = 0; i < factor.Rows; i++) largest = Math.Max(largest, covariance[i, i]);
        if (Cholesky.TryFactor(factor) && Smallest(factor) > Negligible * largest)
        {
            for (int j = 0; j < factor.Columns; j++) factor.Column(j)[..j].Clear();
            return factor;
        }
        var eigen = SymmetricEigen.Decompose(covariance);
        double limit = Negligible * Math.Max(eigen.Values[0], 0);
        if (!(eigen.Values[0] > 0) || eigen.Values[^1] < -1e3 * limit) return null;
        var basis = new Matrix(factor.Rows, eigen.Values.Count(value => value > limit));
        for (int j = 0; j < basis.Columns; j++)
            for (int i = 0; i < basis.Rows; i++) basis[i, j] = Math.Sqrt(eigen.Values[j]) * eigen.Vectors[i, j];
        return basis;
    }

    private static double Smallest(Matrix factor)
    {
        double smallest = double.PositiveInfinity;
        for (int i = 0; i < factor.Rows; i++) smallest = Math.Min(smallest, factor[i, i] * factor[i, i]);
        return smallest;
    }
}
