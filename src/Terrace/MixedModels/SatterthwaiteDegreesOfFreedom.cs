using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// Satterthwaite's degrees of freedom of the t statistics of a linear mixed model's fixed effects and of their linear combinations.
/// </summary>
/// <remarks>
/// <para>df = 2 (c'Vc)² / (g'Ag), g = gradient of c'V(θ, σ)c, A = 2 × inverse Hessian of the deviance or REML criterion in (θ, σ). Here with τ = log σ² − log σ̂²(θ) in σ's place, which
/// changes nothing at the optimum and makes the Hessian block diagonal: the profiled criterion's Hessian H for θ, and n − p (ML: n) for τ, since the criterion is profile + (n − p)(τ + e^−τ − 1).
/// So A = diag(2 H⁻¹, 2/(n − p)) and the derivatives of V are those of <see cref="CriterionCurvature"/> and V itself.</para>
/// <para>Satterthwaite (1946); Giesbrecht and Burns (1985); for (θ, σ) as parameters Kuznetsova, Brockhoff and Christensen (2017), <em>lmerTest package: tests in linear mixed effects models</em>,
/// section 2. Singular fits: directions in which the criterion does not curve are left out, as there; a θ at 0 drops out by itself, for V is even in it.
/// Deviation: lmerTest takes numerical Hessians of the criterion's values, here differences are of exact gradients.</para>
/// <para>Check: SatterthwaiteTests (lmerTest; a dense likelihood).</para>
/// </remarks>
public sealed class SatterthwaiteDegreesOfFreedom
{
    private readonly VarianceMoments _moments;
    private readonly double[] _beta;

    private SatterthwaiteDegreesOfFreedom(VarianceMoments moments, double[] beta)
    {
        _moments = moments;
        _beta = beta;
        OfCoefficients = moments.OfCoefficients();
    }

    /// <summary>The degrees of freedom of each column of the model matrix, NaN where aliased.</summary>
    public IReadOnlyList<double> OfCoefficients { get; }

    /// <summary>Computes them for a linear mixed model fitted by REML or maximum likelihood.</summary>
    /// <exception cref="ModelException">The model is a generalised one, whose tests are of z.</exception>
    public static SatterthwaiteDegreesOfFreedom Of(MixedModelFit fit, CancellationToken cancellation = default)
    {
        if (fit.Engine is not ("reml" or "ml"))
            throw new ModelException("Satterthwaite's degrees of freedom are defined for linear mixed models; the tests of a generalised one are of z and have none.");
        var curvature = new CriterionCurvature(fit.Joint, fit.Engine == "reml", cancellation);
        int m = fit.Theta.Length;
        var inverse = curvature.InverseHessian();
        var spread = new Matrix(m + 1, m + 1);
        for (int j = 0; j < m; j++)
        {
            for (int i = 0; i < m; i++) spread[i, j] = 2 * inverse[i, j];
        }
        spread[m, m] = 2 / curvature.Degrees;
        Matrix[] derivatives = [.. curvature.CovarianceDerivatives, fit.BetaCovariance];
        return new SatterthwaiteDegreesOfFreedom(new VarianceMoments(fit.BetaCovariance, derivatives, spread, fit.Estimated, fit.FixedNames.Count), [.. fit.Estimated.Select(j => fit.Beta[j])]);
    }

    /// <summary>Whether they take about 10⁹ operations at most: six evaluations of the criterion for each variance parameter, each a factorisation and an inverse of the blocks.</summary>
    internal static bool IsCheap(MixedModelFit fit)
    {
        var layout = fit.Joint.Layout;
        var pattern = fit.Joint.Product.Pattern;
        double tail = layout.TailColumns + fit.Estimated.Count, operations = tail * tail * tail;
        for (int l = 0; l < layout.LeadLevels; l++)
        {
            double row = pattern.Count(l) + fit.Estimated.Count;
            operations += layout.LeadWidth * (row * row + layout.LeadWidth * row);
        }
        return 6 * fit.Theta.Length * operations <= 1e9;
    }

    /// <summary>The degrees of freedom of Σ c_j β_j, <paramref name="contrast"/> having a weight for each column of the model matrix; those of aliased columns do not count.</summary>
    /// <exception cref="ArgumentException">The number of weights is not that of the columns.</exception>
    public double OfContrast(ReadOnlySpan<double> contrast) => _moments.DegreesOfFreedom(contrast);

    /// <summary>
    /// The F test of the hypothesis Lβ = 0, <paramref name="hypotheses"/> having a row for each equation and a weight for each column of the model matrix; those of aliased columns do not count.
    /// </summary>
    /// <exception cref="ArgumentException">The number of weights is not that of the columns.</exception>
    public FixedEffectsFTest Test(Matrix hypotheses) => SatterthwaiteFTest.Of(_moments, _moments.Estimated(hypotheses), _beta);
}
