using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families;

/// <summary>The mean and variance of a response by the whole model, and the derivatives of the mean.</summary>
/// <param name="Mean">E(y); of trials the mean share of successes.</param>
/// <param name="Variance">Var(y); of trials that of the share. Infinite where it does not exist.</param>
/// <param name="Slope">∂E(y)/∂η.</param>
/// <param name="Own">∂E(y)/∂ψ for the first parameter beside the mean, 0 without one.</param>
/// <param name="Zero">∂E(y)/∂ζ, ζ the logit of the probability of a structural zero; 0 without one.</param>
internal readonly record struct ResponseMoments(double Mean, double Variance, double Slope, double Own, double Zero)
{
    /// <summary>The moments at the conditional predictor η; <paramref name="psi"/> are the parameters beside the mean on the scales of their predictors, ζ the last where there is a zero part.</summary>
    /// <remarks>
    /// <code>
    /// Var: Poisson μ   neg-binomial μ + μ²/φ   neg-binomial-1 μ(1 + φ)   beta μ(1 − μ)/(1 + φ)   beta-binomial (share of m) μ(1 − μ)(φ + m)/(m(φ + 1))   normal σ²
    /// lognormal (e^σ² − 1) e^(2μ + σ²) about the mean e^(μ + σ²/2)   Student σ²ν/(ν − 2)
    /// zero-inflated: mean (1 − π) m, variance (1 − π)(v + π m²);   hurdle: the same with m = μ/(1 − f₀), v = (V + μ²)/(1 − f₀) − m², f₀ the probability of 0
    /// </code>
    /// Cameron and Trivedi (1998), Regression Analysis of Count Data, chapters 3 and 4. Checked by summing probabilities in <c>ResponseDensityTests</c>.
    /// </remarks>
    public static ResponseMoments Of(ResponseFamily family, double eta, ReadOnlySpan<double> psi, bool hasZeroPart, double trials)
    {
        double mean = family.Link.Mean(eta), slope = family.Link.Slope(eta);
        if (!hasZeroPart) return Plain(family, mean, slope, psi, trials);
        double zero = LogisticFunction.Logistic(psi[^1]), rest = LogisticFunction.Logistic(-psi[^1]);
        ResponseMoments counts = family.IsHurdle ? Truncated(family, mean, slope, psi) : Plain(family, mean, slope, psi, trials);
        double variance = rest * (counts.Variance + zero * counts.Mean * counts.Mean);
        return new ResponseMoments(rest * counts.Mean, variance, rest * counts.Slope, rest * counts.Own, -zero * rest * counts.Mean);
    }

    private static ResponseMoments Plain(ResponseFamily family, double mean, double slope, ReadOnlySpan<double> psi, double trials)
    {
        double own = psi.Length > 0 ? Math.Exp(psi[0]) : 0;
        return family.Distribution switch
        {
            ResponseDistribution.Poisson => new ResponseMoments(mean, mean, slope, 0, 0),
            ResponseDistribution.NegativeBinomial => new ResponseMoments(mean, mean + mean * mean / own, slope, 0, 0),
            ResponseDistribution.LinearNegativeBinomial => new ResponseMoments(mean, mean * (1 + own), slope, 0, 0),
            ResponseDistribution.Beta => new ResponseMoments(mean, mean * (1 - mean) / (1 + own), slope, 0, 0),
            ResponseDistribution.BetaBinomial => new ResponseMoments(mean, mean * (1 - mean) * (own + trials) / (trials * (own + 1)), slope, 0, 0),
            ResponseDistribution.Normal => new ResponseMoments(mean, own * own, slope, 0, 0),
            ResponseDistribution.LogNormal => LogNormal(mean, own * own),
            ResponseDistribution.Student => Student(mean, slope, own * own, Math.Exp(psi[1])),
            _ => new ResponseMoments(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN),
        };
    }

    private static ResponseMoments LogNormal(double location, double square)
    {
        double mean = Math.Exp(location + square / 2);
        return new ResponseMoments(mean, LogisticFunction.Expm1(square) * mean * mean, mean, square * mean, 0);
    }

    private static ResponseMoments Student(double mean, double slope, double square, double df) =>
        new(df > 1 ? mean : double.NaN, df > 2 ? square * df / (df - 2) : double.PositiveInfinity, slope, 0, 0);

    /// <summary>The moments of a count above zero.</summary>
    private static ResponseMoments Truncated(ResponseFamily family, double mean, double slope, ReadOnlySpan<double> psi)
    {
        ResponseMoments counts = Plain(family, mean, slope, psi, 1);
        double shape = family.HasDispersion ? Math.Exp(psi[0]) : double.PositiveInfinity, ratio = mean / shape;
        double log = family.HasDispersion ? -shape * LogisticFunction.Log1p(ratio) : -mean, zero = Math.Exp(log), rest = -LogisticFunction.Expm1(log);
        double zeroSlope = family.HasDispersion ? -zero / (1 + ratio) : -zero;
        double zeroOwn = family.HasDispersion ? zero * shape * (mean / (mean + shape) - LogisticFunction.Log1p(ratio)) : 0;
        double above = mean / rest;
        return new ResponseMoments(above, (counts.Variance + mean * mean) / rest - above * above, slope * (1 / rest + mean * zeroSlope / (rest * rest)), mean * zeroOwn / (rest * rest), 0);
    }
}
