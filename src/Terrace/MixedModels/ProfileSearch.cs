using Terrace.LinearModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>The profile of one parameter of a mixed model: each value at which it is held is a search over all other parameters, from a neighbouring value's result.</summary>
/// <remarks>
/// Bates, Mächler, Bolker and Walker (2015), section 5.1; <see cref="ProfileCurve"/> chooses the values. Searches are quasi-Newton with exact gradients, beginning with the Hessian at the estimate (Nocedal and Wright
/// 2006, section 6.1), which takes three to six evaluations each. Check: ProfileLikelihoodTests.
/// </remarks>
internal sealed class ProfileSearch
{
    private readonly ProfileTarget _target;
    private readonly double _minimum;
    private readonly CancellationToken _cancellation;
    private readonly Matrix? _hessian;
    private readonly ProfileCurve _curve;
    private readonly SortedList<double, (ProfilePoint Point, double[] Coordinates)> _points = [];

    public ProfileSearch(ProfileTarget target, double minimum, CancellationToken cancellation)
    {
        (_target, _minimum, _cancellation) = (target, minimum, cancellation);
        target.Hold(target.Estimate);
        _hessian = HessianAtStart();
        _curve = new ProfileCurve(target.Estimate, target.Lower, target.Upper, target.Step, ZetaAt);
        target.Criterion(target.Start, []);
        _points.Add(target.Estimate, (new ProfilePoint(target.Estimate, 0, target.Values()), target.Start));
    }

    /// <summary>How far a profile fell below the deviance at the estimates: 0, unless these are no optimum.</summary>
    public double Excess { get; private set; }

    /// <summary>The points so far, in increasing order of the parameter.</summary>
    public IReadOnlyList<ProfilePoint> Points => [.. _points.Values.Select(p => p.Point)];

    /// <summary>Goes from the estimate downwards and upwards until |ζ| reaches <paramref name="zeta"/>.</summary>
    public void Follow(double zeta) => _curve.Follow(zeta);

    /// <summary>The value at which ζ is <paramref name="zeta"/>, after <see cref="Follow"/> has gone at least so far.</summary>
    public (double Value, ProfileLimit Kind) Solve(double zeta) => _curve.Solve(zeta);

    /// <summary>ζ at a value, which becomes a point; NaN where the search fails.</summary>
    public double ZetaAt(double value)
    {
        double rise = DevianceAt(value, out _) - _minimum;
        if (rise < -1e-5) Excess = Math.Max(Excess, -rise);
        return ZetaOf(value, rise);
    }

    /// <summary>The least deviance at a value, which becomes a point, and the coordinates there; NaN where the search fails.</summary>
    public double DevianceAt(double value, out double[] point)
    {
        _cancellation.ThrowIfCancellationRequested();
        _target.Hold(value);
        double[] start = StartAt(value), infinite = new double[start.Length];
        Array.Fill(infinite, double.PositiveInfinity);
        var options = new OptimizationOptions { MaximumEvaluations = 500, InitialHessian = _hessian, RelativeReduction = 1e-13 };
        var result = BoundedQuasiNewton.Minimize(_target.Criterion, start, [.. infinite.Select(x => -x)], infinite, options, _cancellation);
        point = [.. result.Point];
        if (!result.Converged) return double.NaN;
        double deviance = _target.Criterion(point, []);
        _points[value] = (new ProfilePoint(value, ZetaOf(value, deviance - _minimum), _target.Values()), point);
        return deviance;
    }

    private double ZetaOf(double value, double rise) => Math.Sign(value - _target.Estimate) * Math.Sqrt(Math.Max(0, rise));

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
        Matrix hessian = GradientDifferences.SymmetricHessian(_target.Criterion, _target.Start, [.. _target.Units.Select(unit => 1e-3 * unit)]);
        for (int k = 0; k < n; k++) hessian[k, k] += 1e-3 / (_target.Units[k] * _target.Units[k]) + 1e-6 * Math.Abs(hessian[k, k]);
        return n > 0 && Cholesky.TryFactor(hessian.Copy()) ? hessian : null;
    }
}
