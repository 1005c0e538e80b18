using Terrace.Numerics.Interpolation;

namespace Terrace.LinearModels;

/// <summary>How a limit of a profile interval came about.</summary>
public enum ProfileLimit
{
    /// <summary>The profile has the deviance there.</summary>
    Found,

    /// <summary>The profile does not reach the deviance before the parameter's end (0 for a standard deviation, ±1 for a correlation), which is the limit.</summary>
    Boundary,

    /// <summary>The profile was followed as far as it could be and does not reach the deviance; the limit is NaN.</summary>
    NotReached,
}

/// <summary>
/// Follows the profile of one parameter: the signed root ζ(c) = sign(c − ĉ) √(min d(·; c) − d̂) at values c away from the estimate, until it has gone far enough or the parameter ends, and solves ζ(c) = ±z.
/// </summary>
/// <remarks>
/// <para>Bates and Watts (1988), <em>Nonlinear Regression Analysis and Its Applications</em>, section 6.1.2, for ζ. Steps in c are chosen so that ζ moves by about 0.6. Deviation from lme4 and MASS, which read limits off a
/// spline: every limit is solved on the profile itself, to 1e-6 in ζ, by secants kept inside a bracket (Dowell and Jarratt 1971).</para>
/// <para>Symbols: ĉ -> <c>estimate</c>; ζ -> <c>zeta</c>. Check: ProfileLikelihoodTests, GlmProfileTests.</para>
/// </remarks>
/// <param name="estimate">ĉ.</param>
/// <param name="lower">The least value that the parameter can have.</param>
/// <param name="upper">The largest value that the parameter can have.</param>
/// <param name="step">About half a standard error.</param>
/// <param name="zetaAt">ζ at a value; NaN where it cannot be computed.</param>
internal sealed class ProfileCurve(double estimate, double lower, double upper, double step, Func<double, double> zetaAt)
{
    private const double Stride = 0.6;
    private const int MostPoints = 60;
    private const double LimitTolerance = 1e-6;
    private const double NoiseTolerance = 1e-3;
    private readonly SortedList<double, double> _zeta = new() { [estimate] = 0 };

    /// <summary>Goes from the estimate downwards and upwards until |ζ| reaches <paramref name="zeta"/>.</summary>
    public void Follow(double zeta)
    {
        Walk(-1, zeta);
        Walk(1, zeta);
    }

    /// <summary>The value at which ζ is <paramref name="zeta"/>, after <see cref="Follow"/> has gone at least so far.</summary>
    public (double Value, ProfileLimit Kind) Solve(double zeta)
    {
        var side = zeta < 0 ? _zeta.Where(p => p.Key <= estimate).Reverse().ToList() : [.. _zeta.Where(p => p.Key >= estimate)];
        int beyond = side.FindIndex(p => Math.Abs(p.Value) >= Math.Abs(zeta));
        if (beyond < 0)
        {
            double end = zeta < 0 ? lower : upper;
            return side[^1].Key == end ? (end, ProfileLimit.Boundary) : (double.NaN, ProfileLimit.NotReached);
        }
        if (Math.Abs(side[beyond].Value - zeta) < LimitTolerance) return (side[beyond].Key, ProfileLimit.Found);
        double found = Refine(side[beyond - 1], side[beyond], zeta);
        return (found, double.IsNaN(found) ? ProfileLimit.NotReached : ProfileLimit.Found);
    }

    private double Evaluate(double value)
    {
        double zeta = zetaAt(value);
        if (double.IsFinite(zeta)) _zeta[value] = zeta;
        return zeta;
    }

    private void Walk(int direction, double zeta)
    {
        double end = direction < 0 ? lower : upper, value = estimate, last = 0, length = step;
        for (int count = 0; count < MostPoints && value != end && last < zeta; count++)
        {
            double next = value + direction * length;
            if ((next - end) * direction > -0.05 * Math.Abs(end - value)) next = end;
            double reached = Math.Abs(Evaluate(next));
            if (!double.IsFinite(reached))
            {
                length = Math.Abs(next - value) / 2;
                if (length < 1e-4 * step) return;
                continue;
            }
            length = Math.Abs(next - value) * Math.Clamp(Stride / Math.Max(reached - last, 1e-3), 0.25, 3);
            (value, last) = (next, reached);
        }
    }

    private double Refine(KeyValuePair<double, double> inner, KeyValuePair<double, double> outer, double zeta)
    {
        double a = inner.Key, fa = inner.Value - zeta, b = outer.Key, fb = outer.Value - zeta, guess = Guess(zeta, a, b);
        for (int iteration = 0; iteration < 40; iteration++)
        {
            double f = Evaluate(guess) - zeta;
            if (!double.IsFinite(f))
            {
                // Not to be computed there: on the far side, as the inner end is near the estimate.
                b = guess;
                guess = 0.5 * (a + b);
                continue;
            }
            if (Math.Abs(f) < LimitTolerance) return guess;
            if (Math.Abs(b - a) < 1e-12 * (Math.Abs(a) + Math.Abs(b))) return Math.Abs(f) < NoiseTolerance ? guess : double.NaN;
            if (f * fb < 0) (a, fa) = (b, fb);
            else fa *= fb / (fb + f);
            (b, fb) = (guess, f);
            guess = (a * fb - b * fa) / (fb - fa);
        }
        return double.NaN;
    }

    /// <summary>c as a smooth function of ζ through the points so far.</summary>
    private double Guess(double zeta, double a, double b)
    {
        var rising = new List<KeyValuePair<double, double>>();
        foreach (var point in _zeta)
        {
            if (rising.Count == 0 || point.Value > rising[^1].Value + 1e-9) rising.Add(point);
        }
        double guess = rising.Count < 2 ? double.NaN : new MonotoneCubic([.. rising.Select(p => p.Value)], [.. rising.Select(p => p.Key)]).At(zeta).Value;
        return guess > Math.Min(a, b) && guess < Math.Max(a, b) ? guess : 0.5 * (a + b);
    }
}
