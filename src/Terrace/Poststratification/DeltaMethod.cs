using Terrace.Design;
using Terrace.Families;
using Terrace.LinearModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Poststratification;

/// <summary>
/// Standard deviations of poststratified means by the delta method, with their exact gradient in the coefficients, so that the covariance between cells counts.
/// <para>θ_a = Σ_c w_ac μ(η_c); g_a = ∂θ_a/∂β = Σ_c w_ac μ′(η_c) x_c; Var θ_a = g_a′ V g_a.</para>
/// <para>w: <c>weights</c>, x: rows of the design, η = x′β + offset, V: <see cref="CoefficientEstimates.Covariance"/>, of the columns that are not aliased.</para>
/// <para>G. W. Oehlert (1992), A note on the delta method, The American Statistician 46; for poststratification A. Gelman and J. Hill (2007), Data Analysis Using Regression
/// and Multilevel/Hierarchical Models, section 14.1. To add and subtract two standard errors from each cell and average the bounds instead treats the cells' errors as
/// perfectly correlated; <see cref="AveragedBounds"/> does so on request. Pinned by <c>DeltaMethodTests</c> (finite differences) and text 1's numbers.</para>
/// </summary>
internal sealed class DeltaMethod
{
    private const double LargestCancellation = 1e-12;
    private readonly Matrix _x;
    private readonly CoefficientEstimates _estimates;
    private readonly LinearPredictions _predictions;
    private readonly double[] _slope;

    /// <summary>Predicts the patterns of <paramref name="design"/>.</summary>
    public DeltaMethod(CoefficientEstimates estimates, DesignMatrices design, Link link)
    {
        _x = design.X;
        _estimates = estimates;
        _predictions = estimates.Predict(design, link);
        _slope = Array.ConvertAll(_predictions.Link, eta => link.Slope(eta));
    }

    /// <summary>The expected outcome of each pattern.</summary>
    public double[] Means => _predictions.Response;

    /// <summary>The standard error of each pattern's expected outcome.</summary>
    public double[] PatternErrors => _predictions.ResponseStdError;

    /// <summary>Whether the data say anything about a pattern, aliased coefficients considered.</summary>
    public bool IsEstimable(int pattern) => _predictions.IsEstimable[pattern];

    /// <summary>Estimate and standard deviation of each area; NaN where nothing of it is counted, and a standard deviation also where it has no finite value.</summary>
    public (double[] Estimates, double[] Sds) Areas(AreaWeights weights)
    {
        var estimates = new double[weights.Areas];
        weights.Accumulate(0, Means, estimates);
        Matrix gradients = Gradients(weights);
        var sds = new double[weights.Areas];
        for (int a = 0; a < sds.Length; a++)
        {
            sds[a] = weights.Covered[a] > 0 ? Math.Sqrt(QuadraticForm(gradients.Column(a))) : double.NaN;
            if (!(weights.Covered[a] > 0)) estimates[a] = double.NaN;
        }
        return (estimates, sds);
    }

    private Matrix Gradients(AreaWeights weights)
    {
        IReadOnlyList<int> columns = _estimates.EstimableColumns;
        var gradients = new Matrix(columns.Count, weights.Areas);
        var weighted = new double[Means.Length];
        var sums = new double[weights.Areas];
        for (int j = 0; j < columns.Count; j++)
        {
            Span<double> x = _x.Column(columns[j]);
            for (int i = 0; i < weighted.Length; i++) weighted[i] = _slope[i] * x[i];
            Array.Clear(sums);
            weights.Accumulate(0, weighted, sums);
            for (int a = 0; a < sums.Length; a++) gradients[j, a] = sums[a];
        }
        return gradients;
    }

    /// <summary>g'Vg; NaN where its terms cancel beyond what can be computed, as under separation, whose coefficients have no finite variance.</summary>
    private double QuadraticForm(ReadOnlySpan<double> g)
    {
        double sum = 0, magnitude = 0;
        for (int j = 0; j < g.Length; j++)
        {
            if (g[j] == 0) continue;
            ReadOnlySpan<double> column = _estimates.Covariance.Column(j);
            double product = 0, size = 0;
            for (int i = 0; i < g.Length; i++)
            {
                double term = column[i] * g[i];
                product += term;
                size += Math.Abs(term);
            }
            sum += g[j] * product;
            magnitude += Math.Abs(g[j]) * size;
        }
        return sum > LargestCancellation * magnitude || magnitude == 0 ? sum : double.NaN;
    }
}
