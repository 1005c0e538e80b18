using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>The factor U of Z'WZ/ΣW = U U' by orthogonalising the columns of Z from the last to the first, which keeps digits that products lose, and the orthonormal rows that follow from it.</summary>
/// <remarks>Modified Gram–Schmidt, each column twice: Björck (1996), <em>Numerical Methods for Least Squares Problems</em>, section 2.4. Check: RandomTermScalingTests (covariates 10⁷ from zero).</remarks>
internal static class OrthogonalisedColumns
{
    private const double Dependent = 1e-11;

    /// <summary>U (row by row) of covariates <paramref name="z"/> (row by row). A column that depends on later ones keeps its own scale only.</summary>
    public static double[] UpperFactor(double[] z, int width, ReadOnlySpan<double> weight)
    {
        var u = new double[width * width];
        var columns = new double[width][];
        double total = 0;
        foreach (double w in weight) total += w;
        for (int j = width - 1; j >= 0; j--)
        {
            double[] column = columns[j] = new double[weight.Length];
            for (int i = 0; i < column.Length; i++) column[i] = z[i * width + j];
            double whole = Product(column, column, weight) / total;
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = j + 1; k < width; k++) u[j * width + k] += Remove(columns[k], column, weight, total);
            }
            double rest = Product(column, column, weight) / total;
            if (!(rest > Dependent * Dependent * whole))
            {
                rest = whole > 0 ? whole : 1;
                Array.Clear(u, j * width + j + 1, width - j - 1);
            }
            u[j * width + j] = Math.Sqrt(rest);
            for (int i = 0; i < column.Length; i++) column[i] /= u[j * width + j];
        }
        return u;
    }

    /// <summary>Z A: each row solves U x = z, from the last covariate to the first.</summary>
    public static Matrix Solve(double[] upper, Matrix z)
    {
        int width = z.Columns;
        var result = new Matrix(z.Rows, width);
        for (int i = 0; i < z.Rows; i++)
        {
            for (int j = width - 1; j >= 0; j--)
            {
                double sum = z[i, j];
                for (int k = j + 1; k < width; k++) sum -= upper[j * width + k] * result[i, k];
                result[i, j] = sum / upper[j * width + j];
            }
        }
        return result;
    }

    private static double Remove(double[] unit, double[] column, ReadOnlySpan<double> weight, double total)
    {
        double projection = Product(unit, column, weight) / total;
        for (int i = 0; i < column.Length; i++) column[i] -= projection * unit[i];
        return projection;
    }

    private static double Product(double[] a, double[] b, ReadOnlySpan<double> weight)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += weight[i] * a[i] * b[i];
        return sum;
    }
}
