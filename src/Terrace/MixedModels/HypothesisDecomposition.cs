using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// A hypothesis Lβ = 0 turned into uncorrelated single equations: LVL' = P diag(d) P', rows p_m'L with variances d_m and squared statistics (p_m'Lβ)²/d_m, whose sum is Wald's
/// β'L'(LVL')⁻Lβ.
/// </summary>
/// <remarks>
/// <para>Wald (1943), <em>Tests of statistical hypotheses concerning several parameters when the number of observations is large</em>; the decomposition as in Fai and Cornelius (1996). Equations
/// that follow from others are counted once: the rank is that of LVL' with its diagonal scaled to 1, so that units do not matter.</para>
/// <para>Symbols: p_m'L -> <see cref="Directions"/>, d -> <see cref="Variances"/>. Check: HypothesisFTests.</para>
/// </remarks>
internal sealed class HypothesisDecomposition
{
    private const double RankTolerance = 1e-9;

    /// <summary>Decomposes equations (rows) about the estimated coefficients <paramref name="beta"/> with their <paramref name="covariance"/>.</summary>
    public HypothesisDecomposition(Matrix rows, double[] beta, Matrix covariance)
    {
        Matrix spread = Gemm.Product(rows, false, Gemm.Product(covariance, false, rows, true), false);
        Rank = RankOf(spread);
        var eigen = Rank == 0 ? null : SymmetricEigen.Decompose(Symmetric(spread));
        Directions = new double[Rank][];
        Variances = new double[Rank];
        Squares = new double[Rank];
        for (int m = 0; m < Rank; m++)
        {
            Directions[m] = new double[rows.Columns];
            for (int j = 0; j < rows.Columns; j++)
            {
                for (int i = 0; i < rows.Rows; i++) Directions[m][j] += eigen!.Vectors[i, m] * rows[i, j];
            }
            Variances[m] = eigen!.Values[m];
            double value = Directions[m].Zip(beta, (l, b) => l * b).Sum();
            Squares[m] = value * value / Variances[m];
        }
    }

    /// <summary>The number of independent equations.</summary>
    public int Rank { get; }

    /// <summary>The uncorrelated equations, the one with the largest variance first.</summary>
    public double[][] Directions { get; }

    /// <summary>Their variances.</summary>
    public double[] Variances { get; }

    /// <summary>Their squared statistics.</summary>
    public double[] Squares { get; }

    /// <summary>Wald's statistic.</summary>
    public double ChiSquare => Squares.Sum();

    /// <summary>Θ = L'(LVL')⁻L.</summary>
    public Matrix Projection(int columns)
    {
        var theta = new Matrix(columns, columns);
        for (int m = 0; m < Rank; m++)
        {
            for (int j = 0; j < columns; j++)
            {
                for (int i = 0; i < columns; i++) theta[i, j] += Directions[m][i] * Directions[m][j] / Variances[m];
            }
        }
        return theta;
    }

    private static int RankOf(Matrix spread)
    {
        int n = spread.Rows;
        if (n == 0) return 0;
        double[] scale = [.. Enumerable.Range(0, n).Select(i => spread[i, i] > 0 ? 1 / Math.Sqrt(spread[i, i]) : 0)];
        var scaled = new Matrix(n, n);
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++) scaled[i, j] = 0.5 * (spread[i, j] + spread[j, i]) * scale[i] * scale[j];
        }
        double[] values = [.. SymmetricEigen.Decompose(scaled).Values];
        return values.Count(v => v > RankTolerance * Math.Max(1, values[0]));
    }

    private static Matrix Symmetric(Matrix m)
    {
        var symmetric = new Matrix(m.Rows, m.Rows);
        for (int j = 0; j < m.Rows; j++)
        {
            for (int i = 0; i < m.Rows; i++) symmetric[i, j] = 0.5 * (m[i, j] + m[j, i]);
        }
        return symmetric;
    }
}
