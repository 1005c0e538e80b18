using Terrace.LinearModels;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>
/// The restricted profile of a standard deviation or correlation of a generalised linear mixed model: the fixed effects are integrated out, not maximised out, as REML does in a linear one, which takes away most of
/// the downward bias of maximum likelihood with few or small groups.
/// <code>
/// d_R(c) = d(c; ψ̂_c, β̂_c) + log |½ ∂²d/∂γ∂γ'|,   ζ_R(c) = sign(c − ĉ_R) √(d_R(c) − d_R(ĉ_R)),   ĉ_R = argmin d_R
/// </code>
/// d is −2 log L by Laplace or quadrature, ψ̂_c the other variance parameters and γ the basis coefficients at the minimum with c held. Cox and Reid (1987), Parameter orthogonality and approximate conditional
/// inference, section 4; for a linear model this is the restricted likelihood (Harville 1974). Checked in <c>RestrictedProfileTests</c> (integration over the fixed effect by quadrature) and by the coverage study.
/// </summary>
internal sealed class RestrictedProfile
{
    private const double Difference = 1e-3;
    private readonly ProfileTarget _target;
    private readonly ProfileSearch _search;
    private readonly int _firstFixed;
    private readonly SortedList<double, double> _deviance = [];
    private double _estimate;
    private double _minimum;

    private RestrictedProfile(ProfileTarget target, ProfileSearch search, int firstFixed)
    {
        (_target, _search, _firstFixed) = (target, search, firstFixed);
    }

    /// <summary>The profile of a target whose coordinates from <paramref name="firstFixed"/> on are those of the fixed effects; the interval's cut-off is χ²'s times <paramref name="factor"/>.</summary>
    public static ParameterProfile Of(ProfileTarget target, double minimum, int firstFixed, double factor, ProfileOptions options, out double excess, CancellationToken cancellation)
    {
        var search = new ProfileSearch(target, minimum, cancellation);
        var profile = new RestrictedProfile(target, search, firstFixed);
        profile.FindEstimate();
        double z = Normal.Quantile(0.5 + 0.5 * options.Level) * Math.Sqrt(factor);
        var curve = new ProfileCurve(profile._estimate, target.Lower, target.Upper, target.Step, profile.ZetaAt);
        curve.Follow(Math.Max(options.Reach, z));
        var (lower, lowerKind) = curve.Solve(-z);
        var (upper, upperKind) = curve.Solve(z);
        excess = search.Excess;
        ProfilePoint[] points = [.. search.Points.Where(point => profile._deviance.ContainsKey(point.Value)).Select(point => point with { Zeta = profile.ZetaAt(point.Value) })];
        return new ParameterProfile(target.Parameter, profile._estimate, points, options.Level) { Lower = lower, Upper = upper, LowerKind = lowerKind, UpperKind = upperKind };
    }

    /// <summary>d_R at a value less its minimum.</summary>
    public static double Ratio(ProfileTarget target, double minimum, int firstFixed, double value, CancellationToken cancellation)
    {
        var profile = new RestrictedProfile(target, new ProfileSearch(target, minimum, cancellation), firstFixed);
        profile.FindEstimate();
        return Math.Max(0, profile.DevianceAt(value) - profile._minimum);
    }

    private double ZetaAt(double value)
    {
        double rise = DevianceAt(value) - _minimum;
        return double.IsNaN(rise) ? double.NaN : Math.Sign(value - _estimate) * Math.Sqrt(Math.Max(0, rise));
    }

    private double DevianceAt(double value)
    {
        if (_deviance.TryGetValue(value, out double known)) return known;
        double deviance = _search.DevianceAt(value, out double[] point);
        return _deviance[value] = double.IsNaN(deviance) ? double.NaN : deviance + LogInformation(point);
    }

    /// <summary>log |½ H| of the fixed effects at the point, by differences of the gradient.</summary>
    private double LogInformation(double[] point)
    {
        int p = point.Length - _firstFixed;
        double[] whole = [.. point], slopes = new double[point.Length];
        double OfFixed(ReadOnlySpan<double> own, Span<double> gradient)
        {
            own.CopyTo(whole.AsSpan(_firstFixed));
            double value = _target.Criterion(whole, slopes);
            slopes.AsSpan(_firstFixed).CopyTo(gradient);
            return value;
        }
        Matrix information = GradientDifferences.SymmetricHessian(OfFixed, point.AsSpan(_firstFixed), [.. Enumerable.Repeat(Difference, p)]);
        for (int i = 0; i < information.Values.Length; i++) information.Values[i] *= 0.5;
        return Cholesky.TryFactor(information) ? Cholesky.LogDeterminant(information) : double.NaN;
    }

    /// <summary>ĉ_R: from ĉ in steps until the deviance rises on both sides, then by parabolas through the best three points.</summary>
    private void FindEstimate()
    {
        double middle = _target.Estimate, step = _target.Step;
        double below = Math.Max(middle - step, _target.Lower), above = Math.Min(middle + step, _target.Upper);
        for (int moves = 0; moves < 60; moves++)
        {
            if (DevianceAt(above) < DevianceAt(middle)) (below, middle, above) = (middle, above, Math.Min(above + step, _target.Upper));
            else if (DevianceAt(below) < DevianceAt(middle) && below > _target.Lower) (above, middle, below) = (middle, below, Math.Max(below - step, _target.Lower));
            else break;
        }
        for (int round = 0; round < 12; round++)
        {
            double guess = Vertex(below, middle, above);
            if (!(guess > below && guess < above) || Math.Abs(guess - middle) < 1e-5 * step) break;
            if (DevianceAt(guess) < DevianceAt(middle)) (below, middle, above) = guess < middle ? (below, guess, middle) : (middle, guess, above);
            else if (guess < middle) below = guess;
            else above = guess;
        }
        _estimate = DevianceAt(below) < DevianceAt(middle) ? below : middle;
        _minimum = _deviance.Values.Where(double.IsFinite).Min();
    }

    private double Vertex(double a, double b, double c)
    {
        double fa = DevianceAt(a), fb = DevianceAt(b), fc = DevianceAt(c);
        double left = (b - a) * (fb - fc), right = (b - c) * (fb - fa), curvature = left - right;
        return curvature == 0 ? double.NaN : b - 0.5 * ((b - a) * left - (b - c) * right) / curvature;
    }
}
