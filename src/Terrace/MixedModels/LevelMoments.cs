using Terrace.Design;

namespace Terrace.MixedModels;

/// <summary>Moments over the units of a level of combinations of β and b, which are normal given the data and the variance parameters.</summary>
/// <remarks>E Var_k(c_k) = Var_k(E c_k) + (Σ V_kk − 1'V1/K)/(K − 1), V the covariance of the combinations: tr(CV)/(K − 1) for the centring matrix C. Gelman and Pardoe (2006), section 2. Check: LevelSummaryTests.</remarks>
internal sealed class LevelMoments(MixedModelFit fit)
{
    private readonly ConditionalDistribution _distribution = fit.Joint.AtEstimate();

    /// <summary>Var_k of the means of the combinations, and its expectation with their uncertainty.</summary>
    public (double OfMeans, double Expected) Variance(int units, Action<int, LinearCombination> fill)
    {
        LinearCombination one = fit.Joint.NewCombination(), sum = fit.Joint.NewCombination();
        var means = new double[units];
        double trace = 0;
        for (int k = 0; k < units; k++)
        {
            one.Clear();
            fill(k, one);
            fill(k, sum);
            means[k] = Mean(one);
            trace += _distribution.Variance(one);
        }
        double ofMeans = SampleVariance(means);
        return (ofMeans, ofMeans + (trace - _distribution.Variance(sum) / units) / (units - 1));
    }

    /// <summary>The average variance of the rows' linear predictors about their common error: tr(CV)/(n − 1).</summary>
    public double PredictorVariance(ModelRows rows)
    {
        var fitted = new FittedCells(fit, rows);
        var cells = fitted.Cells;
        var lambda = new RelativeCovarianceFactor(cells.Layout);
        lambda.Set(fit.Theta);
        var inverse = new SelectedInverse(cells.Layout, cells.Pattern, cells.FixedColumns);
        inverse.Compute(_distribution.Factor);
        var leverages = new JointLeverages(cells, inverse, lambda);
        double[] gamma = new double[cells.FixedColumns], counts = new double[cells.Count], sum = new double[cells.Coefficients];
        foreach (int cell in rows.RowToCell) counts[cell]++;
        double trace = 0;
        for (int c = 0; c < cells.Count; c++) trace += counts[c] * leverages.Compute(c, gamma);
        cells.TransposedProduct(counts, sum);
        LinearCombination all = fit.Joint.NewCombination();
        sum.CopyTo(all.Weights, 0);
        return (fit.Sigma * fit.Sigma * trace - _distribution.Variance(all) / rows.Rows) / (rows.Rows - 1);
    }

    /// <summary>Σ(x − x̄)²/(n − 1).</summary>
    public static double SampleVariance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(x => (x - mean) * (x - mean)) / (values.Length - 1);
    }

    private double Mean(LinearCombination combination)
    {
        double sum = 0;
        int random = _distribution.RandomEffects.Length;
        for (int i = 0; i < random; i++) sum += combination.Weights[i] * _distribution.RandomEffects[i];
        double[] kept = [.. fit.Joint.Basis.Kept.Select(j => _distribution.FixedEffects[j])], basis = fit.Joint.Basis.FromCoefficients(kept);
        for (int j = 0; j < basis.Length; j++) sum += combination.Weights[random + j] * basis[j];
        return sum;
    }
}
