using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.DistributionalModels;

/// <summary>
/// The joint uncertainty of coefficients and random effects: the covariance V of the parameters p = (θ, β, δ), the conditional covariance of the random effects b given them, and the
/// derivatives J = ∂b̂/∂p of their modes. Var(a'p + z'b) = (a + J'z)'V(a + J'z) + Var(z'b | p).
/// </summary>
/// <remarks>Kass and Steffey (1989), <em>Approximate Bayesian inference in conditionally independent hierarchical models</em>, equation 2.2; glmmTMB's standard errors of predictions use
/// the same formula. Check: DistributionalPredictionTests.</remarks>
internal sealed class EstimateUncertainty
{
    /// <summary>No parameters at all.</summary>
    public static EstimateUncertainty None { get; } = new() { Covariance = new Matrix(0, 0), ModeSlopes = new Matrix(0, 0), Thetas = 0 };

    /// <summary>V over (θ, β, δ), with zeros for parameters without a finite standard error.</summary>
    public required Matrix Covariance { get; init; }

    /// <summary>J, random effects × parameters.</summary>
    public required Matrix ModeSlopes { get; init; }

    /// <summary>The distribution of b given the parameters; null without random effects.</summary>
    public JointPrecision? Random { get; init; }

    /// <summary>The number of θ.</summary>
    public required int Thetas { get; init; }
}
