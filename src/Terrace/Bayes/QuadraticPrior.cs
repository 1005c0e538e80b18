using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>The prior of the fixed coefficients γ as −½ γ'Pγ + γ'p: what Gaussian conditionals of the coefficients take of it. Checked in <c>WhitenedDensityTests</c> and <c>GibbsTests</c>.</summary>
internal static class QuadraticPrior
{
    /// <summary>Whether every prior is normal or flat, so that the quadratic is the prior itself.</summary>
    public static bool IsExact(ModelStructure structure) => structure.Priors.Fixed.SelectMany(priors => priors).All(prior => prior is NormalPrior or FlatPrior);

    /// <summary>Precision and linear part of the fixed coefficients' prior: exact for normal priors, the curvature at x for others.</summary>
    public static (Matrix Precision, double[] Linear) Of(ModelStructure structure, ReadOnlySpan<double> x)
    {
        var precision = new Matrix(structure.FixedCount, structure.FixedCount);
        var linear = new double[structure.FixedCount];
        foreach (PredictorDesign predictor in structure.Predictors) Add(predictor, structure.Priors.Fixed[predictor.Predictor], x.Slice(predictor.Start, predictor.Count), precision, linear);
        return (precision, linear);
    }

    private static void Add(PredictorDesign predictor, IReadOnlyList<Prior> priors, ReadOnlySpan<double> x, Matrix precision, double[] linear)
    {
        int p = predictor.Count, start = predictor.Start;
        var beta = new double[p];
        predictor.Coefficients(x, beta);
        for (int i = 0; i < p; i++)
        {
            bool intercept = i == 0 && predictor.HasIntercept;
            double at = intercept ? x[0] : beta[i];
            (double curvature, double force) = Quadratic(priors[i], at);
            for (int j = i; j < p; j++)
            {
                double back = intercept ? (j == 0 ? 1 : 0) : predictor.Back[i, j];
                linear[start + j] += back * force;
                for (int k = i; k <= j; k++) precision[start + j, start + k] += curvature * back * (intercept ? (k == 0 ? 1 : 0) : predictor.Back[i, k]);
            }
        }
    }

    private static (double Curvature, double Force) Quadratic(Prior prior, double at)
    {
        if (prior is FlatPrior) return (0, 0);
        if (prior is NormalPrior normal) return (1 / (normal.Scale * normal.Scale), normal.Location / (normal.Scale * normal.Scale));
        double h = 1e-4 * Math.Max(1, Math.Abs(at)), slope = prior.Evaluate(at).Slope;
        double curvature = Math.Max(0, (prior.Evaluate(at - h).Slope - prior.Evaluate(at + h).Slope) / (2 * h));
        return double.IsFinite(curvature) && double.IsFinite(slope) ? (curvature, slope + curvature * at) : (0, 0);
    }
}
