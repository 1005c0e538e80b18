using Terrace.Numerics.RandomNumbers;

namespace Terrace.MixedModels;

/// <summary>
/// Draws of a mixed model's coefficients in the sense of arm's <c>sim</c>: from their approximate joint distribution given the estimated variance parameters, σ alone being uncertain.
/// </summary>
/// <remarks>
/// <para>σ* = σ̂ √((n − p)/χ²_{n−p}) where σ is a parameter, then (β, b) | θ̂, σ* as in <see cref="ConditionalDistribution"/>. Gelman and Hill (2007), <em>Data Analysis Using Regression and Multilevel/Hierarchical
/// Models</em>, section 7.2; for mixed models β and b are drawn jointly, so that their dependence is kept. The uncertainty of θ is left out, as arm leaves it out: <see cref="VarianceParameterSampler"/> has it.</para>
/// <para>Check: SimTests.</para>
/// </remarks>
public static class Sim
{
    /// <summary>Makes independent draws.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="draws">How many.</param>
    /// <param name="seed">The seed; every draw has its own stream, so that the first draws do not depend on how many there are.</param>
    /// <exception cref="ModelException">There are no more rows than coefficients.</exception>
    public static MixedModelDraws Draw(MixedModelFit fit, int draws, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        int degrees = fit.Joint.Rows - fit.Estimated.Count;
        if (fit.Joint.SigmaIsEstimated && degrees < 1) throw new ModelException($"There are too few rows ({fit.Rows}) to draw {fit.Estimated.Count} coefficients and sigma; simplify the model.");
        var result = new MixedModelDraws(fit, draws, draws, draws, []);
        var distribution = new ConditionalDistribution(fit.Joint);
        for (int i = 0; i < draws; i++)
        {
            var rng = new Rng(seed, (ulong)i);
            double sigma = fit.Joint.SigmaIsEstimated ? fit.Joint.Sigma * Math.Sqrt(degrees / (2 * rng.NextGamma(0.5 * degrees))) : fit.Joint.Sigma;
            if (!distribution.Set(fit.Theta, sigma)) throw new ModelException("The joint precision of the coefficients is not positive definite at the estimates; simplify the model.");
            distribution.Draw(rng);
            result.Store(i, fit.Theta, sigma, distribution.FixedEffects, distribution.RandomEffects);
        }
        return result;
    }
}
