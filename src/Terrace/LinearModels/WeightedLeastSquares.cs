using Terrace.Numerics.LinearAlgebra;

namespace Terrace.LinearModels;

/// <summary>
/// Weighted least squares: β minimises Σ w (z − x'β)², by the QR decomposition of √W X, never by cross-products. Aliased columns, those that are combinations of
/// earlier ones, have NaN for a coefficient. Golub and Van Loan (2013), Matrix Computations, section 6.1; the aliasing rule is that of <see cref="PivotedQr"/>.
/// Checked against R's fits in <c>LinearModelFixtureTests</c>.
/// </summary>
internal sealed class WeightedLeastSquares
{
    /// <summary>Solves for responses z with weights w, one each for every row of x. A response of weight 0 is not looked at.</summary>
    public WeightedLeastSquares(Matrix x, double[] weight, ReadOnlySpan<double> response, double tolerance)
    {
        var scaled = new Matrix(x.Rows, x.Columns);
        var root = new double[x.Rows];
        var target = new double[x.Rows];
        for (int i = 0; i < root.Length; i++)
        {
            root[i] = Math.Sqrt(weight[i]);
            target[i] = weight[i] == 0 ? 0 : root[i] * response[i];
        }
        for (int j = 0; j < x.Columns; j++)
        {
            Span<double> from = x.Column(j), to = scaled.Column(j);
            for (int i = 0; i < root.Length; i++) to[i] = root[i] * from[i];
        }
        Weight = weight;
        Qr = PivotedQr.Factor(scaled, tolerance);
        Coefficients = Qr.Solve(target);
        Root = root;
    }

    /// <summary>The weights w.</summary>
    public double[] Weight { get; }

    /// <summary>The decomposition of √W X.</summary>
    public PivotedQr Qr { get; }

    /// <summary>The coefficients in the order of the columns of X, NaN where aliased.</summary>
    public double[] Coefficients { get; }

    private double[] Root { get; }

    /// <summary>Whether a coefficient that is not aliased is NaN or infinite.</summary>
    public bool HasNonFiniteCoefficient()
    {
        for (int k = 0; k < Qr.Rank; k++)
            if (!double.IsFinite(Coefficients[Qr.Pivot[k]])) return true;
        return false;
    }

    /// <summary>The coefficients with 0 where they are aliased, so that a linear predictor can be computed.</summary>
    public double[] CoefficientsOrZero()
    {
        var filled = new double[Coefficients.Length];
        for (int k = 0; k < Qr.Rank; k++) filled[Qr.Pivot[k]] = Coefficients[Qr.Pivot[k]];
        return filled;
    }

    /// <summary>The columns that are not aliased, ascending.</summary>
    public int[] EstimableColumns()
    {
        int[] columns = [.. Qr.Pivot.Take(Qr.Rank)];
        Array.Sort(columns);
        return columns;
    }

    /// <summary>(X'WX)⁻¹ of the columns that are not aliased, in ascending order of columns.</summary>
    public Matrix UnscaledCovariance()
    {
        Matrix pivoted = Qr.InverseOfCrossProduct();
        int[] columns = EstimableColumns(), place = new int[Coefficients.Length];
        for (int k = 0; k < Qr.Rank; k++) place[Qr.Pivot[k]] = k;
        var ordered = new Matrix(columns.Length, columns.Length);
        for (int i = 0; i < columns.Length; i++)
            for (int j = 0; j < columns.Length; j++) ordered[i, j] = pivoted[place[columns[i]], place[columns[j]]];
        return ordered;
    }

    /// <summary>Each aliased column as a combination of the others: columns of X × aliased columns, ascending.</summary>
    public Matrix Dependencies(Matrix x)
    {
        int[] aliased = [.. Qr.Pivot.Skip(Qr.Rank).Order()];
        var dependencies = new Matrix(x.Columns, aliased.Length);
        var target = new double[x.Rows];
        for (int k = 0; k < aliased.Length; k++)
        {
            Span<double> column = x.Column(aliased[k]);
            for (int i = 0; i < target.Length; i++) target[i] = Root[i] * column[i];
            double[] combination = Qr.Solve(target);
            for (int j = 0; j < combination.Length; j++) dependencies[j, k] = double.IsNaN(combination[j]) ? 0 : combination[j];
        }
        return dependencies;
    }

    /// <summary>x'β + offset of every row of <paramref name="x"/>.</summary>
    public static double[] LinearPredictor(Matrix x, ReadOnlySpan<double> coefficients, ReadOnlySpan<double> offset)
    {
        double[] eta = offset.ToArray();
        for (int j = 0; j < x.Columns; j++)
        {
            double beta = coefficients[j];
            if (beta == 0) continue;
            Span<double> column = x.Column(j);
            for (int i = 0; i < eta.Length; i++) eta[i] += beta * column[i];
        }
        return eta;
    }
}
