using Terrace.Design;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.LinearModels;

/// <summary>The profile-likelihood interval of one coefficient of a generalised linear model.</summary>
/// <param name="Term">The column of the model matrix.</param>
/// <param name="Lower">The lower limit; NaN where the coefficient is aliased or the kind says that the limit was not reached.</param>
/// <param name="Upper">The upper limit.</param>
/// <param name="LowerKind">How the lower limit came about.</param>
/// <param name="UpperKind">How the upper limit came about.</param>
public sealed record CoefficientProfile(string Term, double Lower, double Upper, ProfileLimit LowerKind, ProfileLimit UpperKind);

/// <summary>
/// Profile-likelihood intervals of the coefficients of a generalised linear model: the values c at which the deviance, minimised over all other coefficients, lies within z² φ of the least one.
/// <code>
/// ζ(c) = sign(c − β̂_j) √((D(c) − D̂)/φ)      |ζ(c)| ≤ z
/// </code>
/// D(c) is the deviance of the model without column j and with c x_j in the offset, φ 1 or Pearson's estimate. Venzon and Moolgavkar (1988), "A method for computing profile-likelihood-based confidence
/// intervals", section 2; Venables and Ripley (2002), Modern Applied Statistics with S, section 7.2, whose <c>confint</c> of a <c>glm</c> has the same ζ and z. Deviation: limits are solved
/// exactly, not read off a spline. Of a linear model profile intervals are the t intervals, so that z becomes t. Checked against R in <c>GlmProfileTests</c>.
/// </summary>
public static class GlmProfile
{
    /// <summary>The intervals of all coefficients of <paramref name="fit"/>, in the order of the model matrix.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public static IReadOnlyList<CoefficientProfile> Of(GeneralizedLinearModelFit fit, double level = 0.95, CancellationToken cancellation = default)
    {
        double critical = fit.Linear is null ? Normal.Quantile(0.5 + 0.5 * level) : fit.Estimates.CriticalValue(level);
        double[] errors = fit.Estimates.StandardErrors();
        return [.. Enumerable.Range(0, errors.Length).Select(j => double.IsNaN(errors[j])
            ? new CoefficientProfile(fit.Estimates.Terms[j], double.NaN, double.NaN, ProfileLimit.NotReached, ProfileLimit.NotReached)
            : fit.Linear is null ? Profile(fit, j, errors[j], critical, cancellation) : Exact(fit, j, critical * errors[j]))];
    }

    private static CoefficientProfile Exact(GeneralizedLinearModelFit fit, int j, double half) =>
        new(fit.Estimates.Terms[j], fit.Estimates.Values[j] - half, fit.Estimates.Values[j] + half, ProfileLimit.Found, ProfileLimit.Found);

    private static CoefficientProfile Profile(GeneralizedLinearModelFit fit, int j, double error, double critical, CancellationToken cancellation)
    {
        double estimate = fit.Estimates.Values[j];
        var held = new HeldCoefficient(fit, j, cancellation);
        var curve = new ProfileCurve(estimate, double.NegativeInfinity, double.PositiveInfinity, 0.5 * error, held.Zeta);
        curve.Follow(critical);
        var (lower, lowerKind) = curve.Solve(-critical);
        var (upper, upperKind) = curve.Solve(critical);
        return new CoefficientProfile(fit.Estimates.Terms[j], lower, upper, lowerKind, upperKind);
    }

    /// <summary>The model with one coefficient held.</summary>
    private sealed class HeldCoefficient
    {
        private static readonly GlmOptions Exactly = new() { Epsilon = 1e-12, MaxIterations = 100 };
        private readonly GeneralizedLinearModelFit _fit;
        private readonly double[] _column;
        private readonly double[] _designOffset;
        private readonly double[] _offset;
        private readonly Matrix _others;
        private readonly double _estimate;
        private readonly double _least;
        private readonly CancellationToken _cancellation;
        private double[] _start;

        public HeldCoefficient(GeneralizedLinearModelFit fit, int column, CancellationToken cancellation)
        {
            DesignMatrices design = fit.Design;
            int[] others = [.. fit.Estimates.EstimableColumns.Where(k => k != column)];
            (_fit, _cancellation, _estimate) = (fit, cancellation, fit.Estimates.Values[column]);
            _column = design.X.Column(column).ToArray();
            _designOffset = design.Offset;
            _offset = new double[design.Rows];
            _others = new Matrix(design.Rows, others.Length);
            for (int k = 0; k < others.Length; k++) design.X.Column(others[k]).CopyTo(_others.Column(k));
            var all = new Matrix(design.Rows, others.Length + 1);
            _others.Values.CopyTo(all.Values, 0);
            _column.CopyTo(all.Column(others.Length));
            double[] start = [.. others.Select(k => fit.Estimates.Values[k]), _estimate];
            _least = new Irls(fit.Observations, all, _designOffset, Exactly with { Start = start }).Run(cancellation: cancellation).Deviance;
            _start = start[..^1];
        }

        public double Zeta(double value)
        {
            for (int i = 0; i < _offset.Length; i++) _offset[i] = _designOffset[i] + value * _column[i];
            IrlsResult? result = Minimize(Exactly with { Start = _start }) ?? Minimize(Exactly);
            if (result is null) return double.NaN;
            _start = result.Coefficients;
            return Math.Sign(value - _estimate) * Math.Sqrt(Math.Max(0, result.Deviance - _least) / _fit.Dispersion);
        }

        /// <summary>The other coefficients' fit, or null where it does not end: so far from the estimate that means are not possible or 0 and 1 to rounding.</summary>
        private IrlsResult? Minimize(GlmOptions options)
        {
            try
            {
                IrlsResult result = new Irls(_fit.Observations, _others, _offset, options).Run(cancellation: _cancellation);
                return result.Converged && !result.AtBoundary && double.IsFinite(result.Deviance) ? result : null;
            }
            catch (ModelException)
            {
                // No start, or no step, lies in the range of the link: the profile ends before it.
                return null;
            }
        }
    }
}
