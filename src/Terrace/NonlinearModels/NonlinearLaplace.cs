using Terrace.Families;
using Terrace.Numerics.Optimization;

namespace Terrace.NonlinearModels;

/// <summary>
/// Minus twice the Laplace approximation of a nonlinear mixed model's log likelihood with σ profiled out, as a function of (θ, γ), or at the joint mode of (u, γ) as a
/// function of θ.
/// </summary>
/// <remarks>
/// <para>F = log |Λ'Z'WZΛ + I| + n (1 + log(2π r² / n)) − Σ log w, r² and Z = ∂μ/∂b at the conditional modes (<see cref="PenalizedLeastSquares"/>); σ² = r² / n. The curvature is that of
/// Gauss and Newton, without second derivatives of the mean, as in Bates (2011), section 6, and lme4's <c>nlmer</c>; with observed information it is the exact one (<see cref="ObservedCurvature"/>).</para>
/// <para>The gradient is computed by central differences extrapolated once (Richardson 1911), (4 D(h) − D(2h)) / 3, each evaluation starting from the modes at the centre moved along their last known slope;
/// the parameters are few and scaled to order one, so h = 1e-3 leaves errors near 1e-9. Check: NonlinearMixedModelTests (dense twin, lme4's deviances, numerical integration).</para>
/// </remarks>
internal sealed class NonlinearLaplace
{
    private const double Step = 1e-3;
    private static readonly double[] Steps = [Step, -Step, 2 * Step, -2 * Step];
    private readonly PenalizedLeastSquares _modes;
    private readonly Observations _observations;
    private readonly int _columns;
    private readonly bool _joint;
    private readonly bool _isObserved;
    private readonly double[] _kept;
    private readonly Dictionary<int, double[]> _slopes = [];

    public NonlinearLaplace(LinearizedCells linear, Observations observations, bool joint, Information information = Information.Expected)
    {
        _isObserved = information == Information.Observed && !joint;
        _modes = new PenalizedLeastSquares(linear, observations, joint);
        _observations = observations;
        _columns = linear.Cells.Layout.Columns;
        _joint = joint;
        _kept = new double[_modes.Spherical.Length];
    }

    public PenalizedLeastSquares Modes => _modes;

    /// <summary>How often F was evaluated, differences included.</summary>
    public int Evaluations { get; private set; }

    /// <summary>F at θ and, unless joint, γ; +infinity where there is no mode.</summary>
    public double Value(ReadOnlySpan<double> theta, ReadOnlySpan<double> gamma)
    {
        Evaluations++;
        if (!_joint) gamma.CopyTo(_modes.Spherical.AsSpan(_columns));
        if (!_modes.Solve(theta))
        {
            Array.Clear(_modes.Spherical, 0, _columns);
            if (!_modes.Solve(theta)) return double.PositiveInfinity;
        }
        int n = _observations.WeightedRows;
        double logDeterminant = _isObserved ? _modes.ObservedLogDeterminant() : _modes.Factor.LogDeterminantRandom;
        return logDeterminant + n * (1 + Math.Log(2 * Math.PI * _modes.Penalised / n)) - _observations.SumLogWeight;
    }

    /// <summary>The criterion in search coordinates: <paramref name="natural"/> turns a point into (θ, γ) and, where it is given, σ.</summary>
    public Objective InCoordinates(Func<double[], NonlinearPoint> natural) => (point, gradient) =>
    {
        double[] at = point.ToArray();
        double value = At(natural, at);
        if (gradient.Length == 0 || !double.IsFinite(value)) return value;
        _modes.Spherical.CopyTo(_kept, 0);
        for (int j = 0; j < gradient.Length; j++) gradient[j] = Derivative(natural, at, j);
        Restore();
        At(natural, at);
        return value;
    };

    private double Derivative(Func<double[], NonlinearPoint> natural, double[] at, int j)
    {
        double centre = at[j];
        Span<double> values = stackalloc double[4];
        if (!_slopes.TryGetValue(j, out double[]? slope)) _slopes[j] = slope = new double[_kept.Length];
        for (int k = 0; k < 4; k++)
        {
            double h = Steps[k];
            at[j] = centre + h;
            for (int i = 0; i < _kept.Length; i++) _modes.Spherical[i] = _kept[i] + h * slope[i];
            values[k] = At(natural, at);
            for (int i = 0; i < _kept.Length; i++) slope[i] = (_modes.Spherical[i] - _kept[i]) / h;
        }
        at[j] = centre;
        return (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * Step);
    }

    private void Restore() => _kept.CopyTo(_modes.Spherical, 0);

    private double At(Func<double[], NonlinearPoint> natural, double[] point)
    {
        NonlinearPoint at = natural(point);
        double value = Value(at.Theta, at.Gamma);
        if (at.Sigma is not { } sigma || !double.IsFinite(value)) return value;
        int n = _observations.WeightedRows;
        double ratio = _modes.Penalised / (sigma * sigma);
        return value - n * (1 + Math.Log(ratio / n)) + ratio;
    }
}

/// <summary>The parameters of a nonlinear mixed model.</summary>
/// <param name="Theta">θ.</param>
/// <param name="Gamma">γ; empty at the joint mode.</param>
/// <param name="Sigma">σ; null where it is profiled out.</param>
internal readonly record struct NonlinearPoint(double[] Theta, double[] Gamma, double? Sigma = null);
