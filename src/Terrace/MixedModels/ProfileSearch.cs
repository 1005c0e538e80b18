using Terrace.Numerics.Interpolation;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>
/// Follows the profile of one parameter: the signed root ζ(c) = sign(c − ĉ) √(min d(·; c) − d̂) at values c away from the estimate, until it has gone far enough or the parameter ends, and solves ζ(c) = ±z.
/// </summary>
/// <remarks>
/// <para>Bates and Watts (1988), <em>Nonlinear Regression Analysis and Its Applications</em>, section 6.1.2, for ζ; Bates, Mächler, Bolker and Walker (2015), section 5.1. Each c is a search over the other parameters from a
/// neighbouring c's result, with the Hessian at the estimate; steps in c are chosen so that ζ moves by about 0.6. Deviation from lme4, which reads limits off a spline: every limit is solved on the profile itself, to
/// 1e-6 in ζ.</para>
/// <para>Check: ProfileLikelihoodTests.</para>
/// </remarks>
internal sealed class ProfileSearch
{
    private const double Stride = 0.6;
    private const int MostPoints = 60;
    private const double LimitTolerance = 1e-6;
    private readonly ProfileTarget _target;
    private readonly double _minimum;
    private readonly CancellationToken _cancellation;
    private readonly Matrix? _hessian;
    private readonly SortedList<double, (ProfilePoint Point, double[] Coordinates)> _points = [];

    public ProfileSearch(ProfileTarget target, double minimum, CancellationToken cancellation)
    {
        (_target, _minimum, _cancellation) = (target, minimum, cancellation);
        target.Hold(target.Estimate);
        _hessian = HessianAtStart();
        target.Criterion(target.Start, []);
        _points.Add(target.Estimate, (new ProfilePoint(target.Estimate, 0, target.Values()), target.Start));
    }

    /// <summary>How far a profile fell below the deviance at the estimates: 0, unless these are no optimum.</summary>
    public double Excess { get; private set; }

    /// <summary>The points so far, in increasing order of the parameter.</summary>
    public IReadOnlyList<ProfilePoint> Points => [.. _points.Values.Select(p => p.Point)];

    /// <summary>Goes from the estimate downwards and upwards until |ζ| reaches <paramref name="zeta"/>.</summary>
    public void Follow(double zeta)
    {
        Walk(-1, zeta);
        Walk(1, zeta);
    }

    /// <summary>The value at which ζ is <paramref name="zeta"/>, after <see cref="Follow"/> has gone at least so far.</summary>
    public (double Value, ProfileLimit Kind) Solve(double zeta)
    {
        var side = Side(Math.Sign(zeta));
        int beyond = side.FindIndex(p => Math.Abs(p.Zeta) >= Math.Abs(zeta));
        if (beyond < 0)
        {
            double end = zeta < 0 ? _target.Lower : _target.Upper;
            return side[^1].Value == end ? (end, ProfileLimit.Boundary) : (double.NaN, ProfileLimit.NotReached);
        }
        if (Math.Abs(side[beyond].Zeta - zeta) < LimitTolerance) return (side[beyond].Value, ProfileLimit.Found);
        return (Refine(side[beyond - 1], side[beyond], zeta), ProfileLimit.Found);
    }

    /// <summary>The points from the estimate outwards, as far as |ζ| grows.</summary>
    private List<ProfilePoint> Side(int direction) =>
        [.. (direction < 0 ? Points.Where(p => p.Value <= _target.Estimate).Reverse() : Points.Where(p => p.Value >= _target.Estimate))];

    private void Walk(int direction, double zeta)
    {
        double end = direction < 0 ? _target.Lower : _target.Upper, value = _target.Estimate, last = 0, step = _target.Step;
        for (int count = 0; count < MostPoints && value != end && last < zeta; count++)
        {
            double next = value + direction * step;
            if ((next - end) * direction > -0.05 * Math.Abs(end - value)) next = end;
            double reached = Math.Abs(ZetaAt(next));
            if (!double.IsFinite(reached))
            {
                step = Math.Abs(next - value) / 2;
                if (step < 1e-4 * _target.Step) return;
                continue;
            }
            double moved = Math.Max(reached - last, 1e-3);
            step = Math.Abs(next - value) * Math.Clamp(Stride / moved, 0.25, 3);
            (value, last) = (next, reached);
        }
    }

    /// <summary>Solves ζ(c) = zeta between two points: interpolation of c as a function of ζ, then secants kept inside the bracket (Dowell and Jarratt 1971).</summary>
    private double Refine(ProfilePoint inner, ProfilePoint outer, double zeta)
    {
        double a = inner.Value, fa = inner.Zeta - zeta, b = outer.Value, fb = outer.Zeta - zeta, guess = Guess(zeta, a, b);
        for (int iteration = 0; iteration < 40; iteration++)
        {
            double f = ZetaAt(guess) - zeta;
            if (!double.IsFinite(f)) return double.NaN;
            if (Math.Abs(f) < LimitTolerance || Math.Abs(b - a) < 1e-12 * (Math.Abs(a) + Math.Abs(b))) return guess;
            if (f * fb < 0) (a, fa) = (b, fb);
            else fa *= fb / (fb + f);
            (b, fb) = (guess, f);
            guess = (a * fb - b * fa) / (fb - fa);
        }
        return guess;
    }

    private double Guess(double zeta, double a, double b)
    {
        var rising = new List<ProfilePoint>();
        foreach (ProfilePoint point in Points)
        {
            if (rising.Count == 0 || point.Zeta > rising[^1].Zeta + 1e-9) rising.Add(point);
        }
        double guess = rising.Count < 2 ? double.NaN : new MonotoneCubic([.. rising.Select(p => p.Zeta)], [.. rising.Select(p => p.Value)]).At(zeta).Value;
        return guess > Math.Min(a, b) && guess < Math.Max(a, b) ? guess : 0.5 * (a + b);
    }

    /// <summary>ζ at a value, which becomes a point; NaN where the search fails.</summary>
    public double ZetaAt(double value)
    {
        _cancellation.ThrowIfCancellationRequested();
        _target.Hold(value);
        double[] start = StartAt(value), infinite = new double[start.Length];
        Array.Fill(infinite, double.PositiveInfinity);
        var options = new OptimizationOptions { MaximumEvaluations = 500, InitialHessian = _hessian, RelativeReduction = 1e-13 };
        var result = BoundedQuasiNewton.Minimize(_target.Criterion, start, [.. infinite.Select(x => -x)], infinite, options, _cancellation);
        if (!result.Converged) return double.NaN;
        double[] point = [.. result.Point];
        double rise = _target.Criterion(point, []) - _minimum;
        if (rise < -1e-5) Excess = Math.Max(Excess, -rise);
        double zeta = Math.Sign(value - _target.Estimate) * Math.Sqrt(Math.Max(0, rise));
        _points[value] = (new ProfilePoint(value, zeta, _target.Values()), point);
        return zeta;
    }

    /// <summary>The coordinates of the nearest point, carried on along the line through the next one; even coordinates are kept off 0.</summary>
    private double[] StartAt(double value)
    {
        var nearest = _points.OrderBy(p => Math.Abs(p.Key - value)).Take(2).ToArray();
        double[] start = [.. nearest[0].Value.Coordinates];
        if (nearest.Length == 2 && (nearest[0].Key - nearest[1].Key) * (value - nearest[0].Key) > 0)
        {
            double share = (value - nearest[0].Key) / (nearest[0].Key - nearest[1].Key);
            for (int i = 0; i < start.Length; i++) start[i] += Math.Min(share, 1) * (start[i] - nearest[1].Value.Coordinates[i]);
        }
        foreach (int k in _target.Even)
        {
            if (Math.Abs(start[k]) < 0.05 * _target.Units[k]) start[k] = 0.05 * _target.Units[k];
        }
        return start;
    }

    /// <summary>The Hessian at the estimate by differences of the gradient, in units of the coordinates; idle ones get a curvature of their own. Null where it is not positive definite.</summary>
    private Matrix? HessianAtStart()
    {
        int n = _target.Start.Length;
        var hessian = new Matrix(n, n);
        double[] probe = [.. _target.Start], up = new double[n], down = new double[n];
        for (int k = 0; k < n; k++)
        {
            double h = 1e-3 * _target.Units[k];
            probe[k] = _target.Start[k] + h;
            _target.Criterion(probe, up);
            probe[k] = _target.Start[k] - h;
            _target.Criterion(probe, down);
            probe[k] = _target.Start[k];
            for (int i = 0; i < n; i++)
            {
                double slope = (up[i] - down[i]) / (4 * h);
                hessian[i, k] += slope;
                hessian[k, i] += slope;
            }
        }
        for (int k = 0; k < n; k++) hessian[k, k] += 1e-3 / (_target.Units[k] * _target.Units[k]) + 1e-6 * Math.Abs(hessian[k, k]);
        return n > 0 && Cholesky.TryFactor(hessian.Copy()) ? hessian : null;
    }
}
