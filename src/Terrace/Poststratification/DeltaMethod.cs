using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Poststratification;

/// <summary>
/// Standard deviations of poststratified means by the delta method, with their exact gradient in the coefficients, so that the covariance between cells counts.
/// <para>θ_a = Σ_c w_ac μ(η_c); g_a = ∂θ_a/∂β = Σ_c w_ac μ′(η_c) x_c; Var θ_a = g_a′ V g_a.</para>
/// <para>w: <c>weights</c>, x: rows of the design, η = x′β + offset, V: <c>covariance</c>.</para>
/// <para>G. W. Oehlert (1992), A note on the delta method, The American Statistician 46; for poststratification A. Gelman and J. Hill (2007), Data Analysis Using Regression
/// and Multilevel/Hierarchical Models, section 14.1. To add and subtract two standard errors from each cell and average the bounds instead treats the cells' errors as
/// perfectly correlated; <see cref="AveragedBounds"/> does so on request. Pinned by <c>DeltaMethodTests</c> (finite differences) and text 1's numbers.</para>
/// </summary>
internal sealed class DeltaMethod
{
    private readonly DesignMatrices _design;
    private readonly Matrix _covariance;
    private readonly double[] _slope;

    /// <summary>Predicts the patterns of <paramref name="design"/>; aliased coefficients are 0 there and in the covariance.</summary>
    public DeltaMethod(DesignMatrices design, ReadOnlySpan<double> coefficients, Matrix covariance, Link link)
    {
        _design = design;
        _covariance = covariance;
        double[] eta = (double[])design.Offset.Clone();
        for (int j = 0; j < coefficients.Length; j++) AddMultiple(design.X.Column(j), coefficients[j], eta);
        Means = Array.ConvertAll(eta, eta => link.Mean(eta));
        _slope = Array.ConvertAll(eta, eta => link.Slope(eta));
    }

    /// <summary>The expected outcome of each pattern.</summary>
    public double[] Means { get; }

    /// <summary>Estimate and standard deviation of each area; NaN where nothing of it is counted.</summary>
    public (double[] Estimates, double[] Sds) Areas(AreaWeights weights)
    {
        var estimates = new double[weights.Areas];
        weights.Accumulate(0, Means, estimates);
        Matrix gradients = Gradients(weights);
        var sds = new double[weights.Areas];
        for (int a = 0; a < sds.Length; a++)
        {
            sds[a] = weights.Covered[a] > 0 ? Math.Sqrt(Math.Max(0, QuadraticForm(gradients.Column(a)))) : double.NaN;
            if (!(weights.Covered[a] > 0)) estimates[a] = double.NaN;
        }
        return (estimates, sds);
    }

    /// <summary>The standard error of each pattern's expected outcome.</summary>
    public double[] PatternErrors()
    {
        var errors = new double[Means.Length];
        var row = new double[_covariance.Rows];
        for (int i = 0; i < errors.Length; i++)
        {
            for (int j = 0; j < row.Length; j++) row[j] = _slope[i] * _design.X[i, j];
            errors[i] = Math.Sqrt(Math.Max(0, QuadraticForm(row)));
        }
        return errors;
    }

    /// <summary>Text 1's bounds: each pattern's mean less and plus <paramref name="multiple"/> standard errors, averaged. Too wide unless the area is one pattern.</summary>
    public static (double[] Lower, double[] Upper) AveragedBounds(AreaWeights weights, ReadOnlySpan<double> means, ReadOnlySpan<double> errors, double multiple)
    {
        double[] lower = new double[weights.Areas], upper = new double[weights.Areas], low = new double[means.Length], high = new double[means.Length];
        for (int i = 0; i < means.Length; i++) (low[i], high[i]) = (means[i] - multiple * errors[i], means[i] + multiple * errors[i]);
        weights.Accumulate(0, low, lower);
        weights.Accumulate(0, high, upper);
        return (lower, upper);
    }

    private Matrix Gradients(AreaWeights weights)
    {
        int columns = _covariance.Rows;
        var gradients = new Matrix(columns, weights.Areas);
        var weighted = new double[Means.Length];
        var sums = new double[weights.Areas];
        for (int j = 0; j < columns; j++)
        {
            Span<double> x = _design.X.Column(j);
            for (int i = 0; i < weighted.Length; i++) weighted[i] = _slope[i] * x[i];
            Array.Clear(sums);
            weights.Accumulate(0, weighted, sums);
            for (int a = 0; a < sums.Length; a++) gradients[j, a] = sums[a];
        }
        return gradients;
    }

    private double QuadraticForm(ReadOnlySpan<double> g)
    {
        double sum = 0;
        for (int j = 0; j < g.Length; j++)
        {
            if (g[j] == 0) continue;
            ReadOnlySpan<double> column = _covariance.Column(j);
            double product = 0;
            for (int i = 0; i < g.Length; i++) product += column[i] * g[i];
            sum += g[j] * product;
        }
        return sum;
    }

    private static void AddMultiple(ReadOnlySpan<double> column, double factor, Span<double> eta)
    {
        if (factor == 0) return;
        for (int i = 0; i < eta.Length; i++) eta[i] += factor * column[i];
    }
}
