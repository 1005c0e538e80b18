using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>Where a fit ended: the parameters, the criterion and the factor at the optimum.</summary>
internal sealed record FittedState
{
    public required string Engine { get; init; }

    public required double[] Theta { get; init; }

    public required double Sigma { get; init; }

    /// <summary>(u, γ) with γ complete (no centre left out).</summary>
    public required double[] Spherical { get; init; }

    /// <summary>The factor of M (with or without fixed effects in its tail); null where there is none and <see cref="Conditional"/> is given.</summary>
    public BlockedCholesky? Factor { get; init; }

    /// <summary>The conditional covariances of the random effects where they do not come from the factor.</summary>
    public double[][]? Conditional { get; init; }

    /// <summary>M⁻¹ if it is at hand.</summary>
    public SelectedInverse? Inverse { get; init; }

    public required Matrix BetaCovariance { get; init; }

    public required double Criterion { get; init; }

    public double? ConditionalDeviance { get; init; }

    public required RandomTermScaling Scaling { get; init; }

    /// <summary>How often the criterion was evaluated.</summary>
    public required int Evaluations { get; init; }

    /// <summary>The Monte Carlo standard error of the log likelihood, where it has one.</summary>
    public double? LogLikelihoodError { get; init; }

    /// <summary>What the user should know beside the usual warnings.</summary>
    public IReadOnlyList<ModelWarning> Notes { get; init; } = [];

    /// <summary>What shows that the search ended at an optimum.</summary>
    public required ConvergenceCheck Convergence { get; init; }

    public required JointPrecision Joint { get; init; }

    public Func<JointMarginal>? Marginal { get; init; }

    /// <summary>Estimates that are not finite.</summary>
    public IReadOnlyList<ModelWarning> Separation { get; init; } = [];

    /// <summary>What a refit needs; null where there is none (nonlinear models).</summary>
    public FittedData? Data { get; init; }

    public bool HessianIsPositive { get; init; } = true;
}
