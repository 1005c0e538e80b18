using Terrace.Inference.Evaluation;

namespace Terrace.SavedFits;

/// <summary>
/// Bayesian fits of the same data compared by their expected log predictive densities (loo's <c>loo_compare</c>): elpd = Σ elpd_i, the difference from the best model Σ d_i with standard error √(n Var(d_i)), and stacking weights (<see cref="ModelWeights"/>).
/// </summary>
/// <remarks>Vehtari, Gelman and Gabry (2017), <em>Practical Bayesian model evaluation using leave-one-out cross-validation and WAIC</em>, section 5. Checked in <c>BayesianPredictionTests</c>.</remarks>
public sealed record LooComparison
{
    private LooComparison(IReadOnlyList<LooComparedModel> models) => Models = models;

    /// <summary>The models, the best first.</summary>
    public IReadOnlyList<LooComparedModel> Models { get; }

    /// <summary>Compares fits, each with the name under which it is listed.</summary>
    /// <exception cref="ModelException">A fit is not Bayesian, has no cross-validation, or is of other data.</exception>
    public static LooComparison Of(IReadOnlyList<(string Name, SavedFit Fit)> fits)
    {
        ArgumentNullException.ThrowIfNull(fits);
        (string first, SavedFit reference) = fits[0];
        foreach ((string name, SavedFit fit) in fits)
        {
            if (fit.Posterior is null) throw new ModelException($"'{name}' is no Bayesian fit, and '{first}' or another one is; compare fits by maximum likelihood with each other, and Bayesian ones with each other.");
            if (fit.Posterior.RowElpd is null) throw new ModelException($"'{name}' has no cross-validation, as it was fitted without the data or saved by an earlier version; fit it again.");
            if (fit.Data is null || reference.Data is null || fit.Data.Hash != reference.Data.Hash || fit.Posterior.RowElpd.Count != reference.Posterior!.RowElpd!.Count)
                throw new ModelException($"'{name}' and '{first}' are of different data (other rows, responses or weights), so that their predictive densities cannot be compared; fit both to the rows that both can use.");
        }
        (string Name, SavedFit Fit, double Elpd)[] ordered = [.. fits.Select(f => (f.Name, f.Fit, f.Fit.Posterior!.RowElpd!.Sum())).OrderByDescending(f => f.Item3)];
        double[] weights = ModelWeights.Stacking([.. ordered.Select(own => own.Fit.Posterior!.RowElpd!)]);
        return new LooComparison([.. ordered.Select((own, k) => Compared(own, ordered[0].Fit) with { Weight = weights[k] })]);
    }

    private static LooComparedModel Compared((string Name, SavedFit Fit, double Elpd) own, SavedFit best)
    {
        IReadOnlyList<double> rows = own.Fit.Posterior!.RowElpd!;
        double[] differences = [.. rows.Zip(best.Posterior!.RowElpd!, (a, b) => a - b)];
        return new LooComparedModel(own.Name, own.Fit.Frame.Formula.ToString(), own.Fit.Posterior.Coefficients.Family, own.Fit.Posterior.Coefficients.Link, rows.Count, own.Elpd, Error([.. rows]), differences.Sum(), Error(differences));
    }

    /// <summary>√(n Var).</summary>
    private static double Error(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Length * values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }
}

/// <summary>One model of a comparison.</summary>
/// <param name="Name">The name under which it is listed.</param>
/// <param name="Formula">Its formula.</param>
/// <param name="Family">Its family.</param>
/// <param name="Link">Its link.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Elpd">Its expected log predictive density.</param>
/// <param name="StandardError">The standard error of that.</param>
/// <param name="Difference">Less that of the best model.</param>
/// <param name="DifferenceError">The standard error of the difference.</param>
public sealed record LooComparedModel(string Name, string Formula, string Family, string Link, long Rows, double Elpd, double StandardError, double Difference, double DifferenceError)
{
    /// <summary>The stacking weight: how much of the model's predictive distribution the best mixture of all of them has.</summary>
    public double Weight { get; init; }
}
