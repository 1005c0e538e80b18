using Terrace.Numerics.Distributions;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families.Densities;

/// <summary>The distribution of the latent variable behind ordered categories: F, and its derivatives f, f′, f″.</summary>
internal interface ILatentDistribution
{
    /// <summary>F(x); 0 and 1 at the infinities.</summary>
    static abstract double Cdf(double x);

    /// <summary>f, f′ and f″ at x; zeros at the infinities.</summary>
    static abstract (double Density, double Slope, double Curvature) Derivatives(double x);
}

/// <summary>The logistic distribution: f = F(1 − F), f′ = f(1 − 2F), f″ = f(1 − 6f).</summary>
internal readonly struct LogisticLatent : ILatentDistribution
{
    public static double Cdf(double x) => LogisticFunction.Logistic(x);

    public static (double Density, double Slope, double Curvature) Derivatives(double x)
    {
        double f = LogisticFunction.Logistic(x) * LogisticFunction.Logistic(-x);
        return (f, f * (1 - 2 * LogisticFunction.Logistic(x)), f * (1 - 6 * f));
    }
}

/// <summary>The normal distribution: f′ = −x f, f″ = (x² − 1) f.</summary>
internal readonly struct NormalLatent : ILatentDistribution
{
    private const double InverseRootTwoPi = 0.398942280401432677939946059934;

    public static double Cdf(double x) => Normal.Cdf(x);

    public static (double Density, double Slope, double Curvature) Derivatives(double x)
    {
        if (double.IsInfinity(x)) return (0, 0, 0);
        double f = InverseRootTwoPi * Math.Exp(-0.5 * x * x);
        return (f, -x * f, (x * x - 1) * f);
    }
}

/// <summary>
/// The cumulative model of ordered categories 0 … J − 1 with thresholds τ₁ &lt; … &lt; τ_(J−1) as parameters: P(y ≤ j) = F(τ_(j+1) − η), τ₀ = −∞, τ_J = ∞.
/// <code>
/// ℓ = log G,  G = F(a) − F(b),  a = τ_(y+1) − η,  b = τ_y − η;   G₁ = f(b) − f(a),  G₂ = f′(a) − f′(b),  G₃ = f″(b) − f″(a)   (derivatives in η)
/// upper threshold: G_ψ = f(a), G₁_ψ = −f′(a), G₂_ψ = f″(a); lower threshold: the same at b with the opposite sign
/// ℓ₁ = G₁/G   ℓ₂ = G₂/G − ℓ₁²   ℓ₃ = G₃/G − 3 ℓ₁ G₂/G + 2 ℓ₁³   ℓ_ψ = G_ψ/G   ℓ₁_ψ = G₁_ψ/G − ℓ₁ ℓ_ψ   ℓ₂_ψ = G₂_ψ/G − G₂ ℓ_ψ/G − 2 ℓ₁ ℓ₁_ψ
/// </code>
/// McCullagh (1980), Regression models for ordinal data, section 2. Differences of F are taken in the tail where both are small. Checked in <c>ResponseDensityTests</c> and against
/// the R package ordinal.
/// </summary>
internal sealed class CumulativeDensity<TLatent>(double[] category, int categories) : ResponseDensity
    where TLatent : struct, ILatentDistribution
{
    private readonly double[][] _thresholds = new double[categories - 1][];

    public override int Parameters => categories - 1;

    public override bool SetParameters(ReadOnlySpan<double[]> psi)
    {
        psi.CopyTo(_thresholds);
        for (int k = 1; k < psi.Length; k++)
        {
            for (int i = 0; i < category.Length; i++)
                if (!(psi[k][i] > psi[k - 1][i])) return false;
        }
        return true;
    }

    public override void Evaluate(ReadOnlySpan<double> eta, DensityDetail detail, DensityDerivatives into)
    {
        int last = categories - 1;
        for (int i = 0; i < eta.Length; i++)
        {
            int own = (int)category[i];
            double upper = own == last ? double.PositiveInfinity : _thresholds[own][i] - eta[i];
            double lower = own == 0 ? double.NegativeInfinity : _thresholds[own - 1][i] - eta[i];
            double g = lower > 0 ? TLatent.Cdf(-lower) - TLatent.Cdf(-upper) : TLatent.Cdf(upper) - TLatent.Cdf(lower);
            var a = TLatent.Derivatives(upper);
            var b = TLatent.Derivatives(lower);
            double first = (b.Density - a.Density) / g, second = (a.Slope - b.Slope) / g;
            into.Value[i] = Math.Log(g);
            into.First[i] = first;
            into.Second[i] = second - first * first;
            if (detail == DensityDetail.Modes) continue;
            into.Third[i] = (b.Curvature - a.Curvature) / g - 3 * first * second + 2 * first * first * first;
            for (int k = 0; k < last; k++) into.Own[k][i] = into.OwnFirst[k][i] = into.OwnSecond[k][i] = 0;
            if (own < last) Threshold(into, own, i, a.Density / g, -a.Slope / g, a.Curvature / g, first, second);
            if (own > 0) Threshold(into, own - 1, i, -b.Density / g, b.Slope / g, -b.Curvature / g, first, second);
        }
    }

    private static void Threshold(DensityDerivatives into, int k, int i, double own, double ownFirst, double ownSecond, double first, double second)
    {
        double mixed = ownFirst - first * own;
        into.Own[k][i] = own;
        into.OwnFirst[k][i] = mixed;
        into.OwnSecond[k][i] = ownSecond - second * own - 2 * first * mixed;
    }
}
