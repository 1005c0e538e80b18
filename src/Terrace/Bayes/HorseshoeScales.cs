using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Bayes;

/// <summary>
/// The scales of <see cref="HorseshoePrior"/> in the coordinates log(τ/σ), log v, log λ_j and, of the horseshoe+, the logs of the second factors.
/// <code>
/// q_j = 2 log(τ λ_j) − log c²    s_j = c √w_j    w_j = logistic(q_j)    ∂log s_j/∂log τ = ∂log s_j/∂log λ_j = 1 − w_j    ∂log s_j/∂log c² = w_j / 2
/// half-t in t = log x:  log p + t = constant + t − ½ (df + 1) log(1 + e^u),  u = 2 (t − log scale) − log df
/// </code>
/// from λ̃²τ² = c² w, so that nothing overflows in the Cauchy tails. Piironen and Vehtari (2017), equation 2.8. Checked by finite differences and against a plain computation in <c>ShrinkagePriorTests</c>.
/// </summary>
internal sealed class HorseshoeScales : ShrinkageScales
{
    private const int First = 2;
    private readonly HorseshoePrior _prior;
    private readonly HalfT _global;
    private readonly HalfT[] _local;
    private readonly Prior _slab;
    private readonly double[] _coordinates;
    private readonly double[] _slope;
    private readonly double[] _slabbed;
    private double _unit = 1;

    public HorseshoeScales(HorseshoePrior prior, int count) : base(count)
    {
        _prior = prior;
        _global = new HalfT(prior.DfGlobal, prior.ScaleGlobal);
        _slab = new InverseGammaPrior(0.5 * prior.DfSlab, 0.5 * prior.DfSlab);
        _local = prior.SecondDf is { } second ? [new HalfT(prior.Df, 1), new HalfT(second, 1)] : [new HalfT(prior.Df, 1)];
        (_coordinates, _slope, _slabbed) = (new double[Count], new double[Count], new double[count]);
    }

    public override int Count => First + Coefficients * _local.Length;

    public override IReadOnlyList<(string Name, bool PerCoefficient)> Variables => _local.Length == 1
        ? [("hs_global", false), ("hs_slab", false), ("hs_local", true)]
        : [("hs_global", false), ("hs_slab", false), ("hs_local", true), ("hs_local2", true)];

    public override double Set(ReadOnlySpan<double> theta, double unit, bool includeJacobian)
    {
        _unit = unit;
        theta[..Count].CopyTo(_coordinates);
        double sum = Add(_global, 0, includeJacobian) + Slab(includeJacobian), c = _prior.ScaleSlab * Math.Exp(0.5 * theta[1]);
        double logTau = theta[0] + Math.Log(unit), logC2 = theta[1] + 2 * Math.Log(_prior.ScaleSlab);
        for (int j = 0; j < Coefficients; j++)
        {
            double logLambda = 0;
            for (int f = 0; f < _local.Length; f++)
            {
                int at = First + f * Coefficients + j;
                logLambda += theta[at];
                sum += Add(_local[f], at, includeJacobian);
            }
            double q = 2 * (logTau + logLambda) - logC2;
            _slabbed[j] = LogisticFunction.Logistic(q);
            Scale[j] = c * Math.Sqrt(_slabbed[j]);
        }
        return sum;
    }

    public override double Gradient(ReadOnlySpan<double> byLogScale, bool includeJacobian, Span<double> gradient)
    {
        double byTau = 0, bySlab = 0, jacobian = includeJacobian ? 1 : 0;
        for (int i = 0; i < Count; i++) gradient[i] = _slope[i] + jacobian;
        for (int j = 0; j < Coefficients; j++)
        {
            double own = byLogScale[j] * (1 - _slabbed[j]);
            byTau += own;
            bySlab += 0.5 * byLogScale[j] * _slabbed[j];
            for (int f = 0; f < _local.Length; f++) gradient[First + f * Coefficients + j] += own;
        }
        gradient[0] += byTau;
        gradient[1] += bySlab;
        return byTau;
    }

    public override void Write(Span<double> values)
    {
        for (int i = 0; i < Count; i++) values[i] = Math.Exp(_coordinates[i]);
        values[0] *= _unit;
    }

    public override void Invert(ReadOnlySpan<double> values, double unit, Span<double> theta)
    {
        for (int i = 0; i < Count; i++) theta[i] = Math.Log(values[i]);
        theta[0] -= Math.Log(unit);
        RequireFinite(theta);
    }

    /// <summary>The log density of a half-t parameter at its coordinate; keeps the derivative of that without the Jacobian.</summary>
    private double Add(HalfT prior, int at, bool includeJacobian)
    {
        double t = _coordinates[at], u = 2 * t - prior.LogSquare, small = Math.Exp(-Math.Abs(u));
        _slope[at] = -(prior.Df + 1) * (u > 0 ? 1 : small) / (1 + small);
        return prior.Constant - 0.5 * (prior.Df + 1) * (Math.Max(u, 0) + LogisticFunction.Log1p(small)) + (includeJacobian ? t : 0);
    }

    private double Slab(bool includeJacobian)
    {
        double value = Math.Exp(_coordinates[1]);
        PriorValue own = _slab.Evaluate(value);
        _slope[1] = own.Slope * value;
        return own.LogDensity + (includeJacobian ? _coordinates[1] : 0);
    }

    /// <summary>A half-t distribution as its logarithm's density takes it.</summary>
    private readonly record struct HalfT(double Df, double LogSquare, double Constant)
    {
        public HalfT(double df, double scale) : this(df, 2 * Math.Log(scale) + Math.Log(df), new StudentTPrior(df, 0, scale).Evaluate(0).LogDensity + Math.Log(2))
        {
        }
    }
}
