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

    /// <summary>The factor of M (with or without fixed effects in its tail).</summary>
    public required BlockedCholesky Factor { get; init; }

    /// <summary>M⁻¹ if it is at hand.</summary>
    public SelectedInverse? Inverse { get; init; }

    public required Matrix BetaCovariance { get; init; }

    public required double Criterion { get; init; }

    public double? ConditionalDeviance { get; init; }

    public required RandomTermScaling Scaling { get; init; }

    public required VarianceSearch Search { get; init; }

    public required JointPrecision Joint { get; init; }

    public Func<JointMarginal>? Marginal { get; init; }

    public bool HessianIsPositive { get; init; } = true;
}
