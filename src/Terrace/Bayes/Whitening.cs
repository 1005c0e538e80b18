using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>
/// The quadratic approximation of the likelihood and of the fixed effects' prior by which coordinates are whitened: log p(y | x) + log p(β) ≈ −½ x'(A + P)x + x'b + constant, taken once near the posterior; and
/// centre and scale of θ. Only a preconditioner: the posterior that is sampled does not depend on it. Immutable.
/// </summary>
/// <param name="Information">A, the lower triangle of the information of all coefficients.</param>
/// <param name="Linear">The linear part of the likelihood, A x₀ + its gradient at x₀.</param>
/// <param name="PriorPrecision">P of the fixed coefficients, the lower triangle.</param>
/// <param name="PriorLinear">The linear part of the prior.</param>
/// <param name="Centre">θ̂.</param>
/// <param name="Scale">The lower triangle C with CC' near the covariance of θ.</param>
/// <param name="LogSigma">log σ at which A was taken, by whose square it is scaled in Gaussian models; null for others.</param>
internal sealed record Whitening(Matrix Information, double[] Linear, Matrix PriorPrecision, double[] PriorLinear, double[] Centre, Matrix Scale, double? LogSigma);
