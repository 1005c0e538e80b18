using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The logarithm of gamma variates, for beta and Dirichlet variates whose shapes are so small that the variates themselves would be 0.</summary>
internal static class LogGammaVariate
{
    /// <summary>log of a Gamma(shape, 1) variate; below shape 1 by log G(a + 1) + log(U)/a.</summary>
    public static double Draw(double shape, Rng rng) => shape < 1 ? Math.Log(rng.NextGamma(shape + 1)) - (rng.NextExponential() / shape) : Math.Log(rng.NextGamma(shape));
}
