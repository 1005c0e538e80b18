using Terrace.Design;
using Terrace.Families;

namespace Terrace.DistributionalModels;

/// <summary>
/// Fits models whose response has parameters beside its mean, with or without group-level terms, by maximum likelihood: negative binomial, beta, beta-binomial, zero-inflated and hurdle
/// counts, Student, lognormal, Gaussian with a modelled spread, ordered categories.
/// </summary>
/// <remarks>
/// <para>Without random effects −2 log L of <see cref="FixedEffectsDeviance"/> is minimised over the coefficients of all components. With them that of
/// <see cref="DistributionalDeviance"/> (Laplace) is minimised over θ and all coefficients together, beginning there. Both have exact gradients; standard errors come from the Hessian by differences of
/// the gradient (<see cref="EstimateCovariance"/>).</para>
/// <para>Rigby and Stasinopoulos (2005), <em>Generalized additive models for location, scale and shape</em>, for the class of models; Brooks et al. (2017), <em>glmmTMB balances speed and
/// flexibility</em>, whose estimates these are. Check: DistributionalFixtureTests compares with glmmTMB, MASS and ordinal.</para>
/// </remarks>
public static class DistributionalModel
{
    /// <summary>Fits the model.</summary>
    /// <param name="rows">The rows of every component with their response.</param>
    /// <param name="family">The distribution and link.</param>
    /// <param name="options">The kind of information.</param>
    /// <param name="cancellation">Ends the fit early.</param>
    /// <exception cref="ModelException">The data cannot carry the model; the message names the response's row, the grouping factor, term or component.</exception>
    public static DistributionalModelFit Fit(ComponentRows rows, ResponseFamily family, DistributionalModelOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(family);
        options ??= new DistributionalModelOptions();
        DistributionalSearch search = DistributionalSearch.Prepare(rows, family, options, cancellation);
        DistributionalOptimum optimum = search.Minimize();
        EstimateCovariance covariance = EstimateCovariance.At(search.Evaluate, optimum.Point);
        search.Evaluate(optimum.Point, new double[optimum.Point.Length]);
        return DistributionalAssembly.Build(rows, search, optimum, covariance, options);
    }
}
