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
/// exactly, not read off a spline; where the estimate is infinite, ζ is measured from where the iterations stopped, at which D is least to rounding, so that the one finite limit is exact too. Of a linear model profile intervals are the t intervals, so that z becomes t. Checked against R in <c>GlmProfileTests</c>.
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
        var curve = new ProfileCurve(estimate, double.NegativeInfinity, double.PositiveInfinity, Step(fit, j, error), held.Zeta);
        curve.Follow(critical);
        var (lower, lowerKind) = curve.Solve(-critical);
        var (upper, upperKind) = curve.Solve(critical);
        return new CoefficientProfile(fit.Estimates.Terms[j], lower, upper, lowerKind, upperKind);
    }

    /// <summary>
    /// Half a standard error; of a separated model, whose standard errors are as large as the last weights were small, no more than what moves a linear predictor by 1.
    /// </summary>
    private static double Step(GeneralizedLinearModelFit fit, int j, double error)
    {
        if (!fit.Warnings.Any(w => w.Code == "separation")) return 0.5 * error;
        double largest = 0;
        foreach (double x in fit.Design.X.Column(j)) largest = Math.Max(largest, Math.Abs(x));
        return Math.Min(0.5 * error, 1 / largest);
    }

    /// <summary>The model with one coefficient held.</summary>
    private sealed class HeldCoefficient
    {
        private static readonly GlmOptions Exactly = new() { Epsilon = 1e-12, MaxIterations = 100 };
        private const double Stationary = 1e-7;
        private readonly GeneralizedLinearModelFit _fit;
        private readonly double[] _column;
        private readonly double[] _designOffset;
        private readonly double[] _offset;
        private readonly Matrix _others;
        private readonly double _estimate;
        private readonly double _least;
        private readonly CancellationToken _cancellation;
        private readonly (double Value, double[] Others, double[] Slope) _atEstimate;
        private (double Value, double[] Others, double[] Slope) _last;

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
            // The tangent of the other coefficients' path: the regression of their estimates on this one.
            int[] estimated = [.. fit.Estimates.EstimableColumns];
            int position = Array.IndexOf(estimated, column);
            double[] tangent = [.. Enumerable.Range(0, estimated.Length).Where(k => k != position).Select(k => fit.Estimates.Covariance[k, position] / fit.Estimates.Covariance[position, position])];
            _atEstimate = (_estimate, start[..^1], tangent);
            _last = _atEstimate;
        }

        public double Zeta(double value)
        {
            for (int i = 0; i < _offset.Length; i++) _offset[i] = _designOffset[i] + value * _column[i];
            if (Math.Abs(value - _estimate) <= Math.Abs(value - _last.Value)) _last = _atEstimate;
            double step = value - _last.Value;
            double[] ahead = [.. _last.Others.Zip(_last.Slope, (b, slope) => b + step * slope)];
            IrlsResult? result = Minimize(Exactly with { Start = ahead }) ?? Minimize(Exactly with { Start = _last.Others }) ?? Minimize(Exactly);
            if (result is null) return double.NaN;
            _last = (value, result.Coefficients, step == 0 ? _last.Slope : [.. result.Coefficients.Zip(_last.Others, (b, before) => (b - before) / step)]);
            return Math.Sign(value - _estimate) * Math.Sqrt(Math.Max(0, result.Deviance - _least) / _fit.Dispersion);
        }

        /// <summary>
        /// The other coefficients' fit, or null where it does not end at a minimum: so far from the estimate that means are not possible, or the iterations ran away to means of 0 and 1, where the
        /// deviance stands still to rounding though a step still promises a fall.
        /// </summary>
        private IrlsResult? Minimize(GlmOptions options)
        {
            try
            {
                var irls = new Irls(_fit.Observations, _others, _offset, options);
                IrlsResult result = irls.Run(cancellation: _cancellation);
                if (!result.Converged || result.AtBoundary || !double.IsFinite(result.Deviance)) return null;
                return irls.PromisedFall(result.Coefficients) < Stationary * (1 + result.Deviance) ? result : null;
            }
            catch (ModelException)
            {
                // No start, or no step, lies in the range of the link: the profile ends before it.
                return null;
            }
        }
    }
}
