using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Bayes;

/// <summary>
/// The scales of <see cref="R2D2Prior"/> in the coordinates t = logit R² and y, the breaks of a stick of length 1.
/// <code>
/// log s_j = log σ + ½ (t + log φ_j)    z_k = logistic(y_k − log(K − k)), k = 1 … K − 1    φ_k = z_k Π_{i&lt;k} (1 − z_i)    φ_K = Π (1 − z_i)
/// Dirichlet(α, …, α):  z_k ~ Beta(α, (K − k) α), independent
/// </code>
/// Sethuraman (1994), A constructive definition of Dirichlet priors, for finite K; the shift makes y = 0 the even split, as in the Stan Reference Manual, "Unit simplex". All in logs, so that shares far below the smallest
/// number's square root do no harm. Checked by finite differences and against a plain computation in <c>ShrinkagePriorTests</c>.
/// </summary>
internal sealed class R2D2Scales : ShrinkageScales
{
    private readonly double _a;
    private readonly double _b;
    private readonly double _concentration;
    private readonly double _constant;
    private readonly double[] _broken;
    private readonly double[] _logShare;
    private double _r2;

    public R2D2Scales(R2D2Prior prior, int count) : base(count)
    {
        (_a, _b, _concentration) = (prior.MeanR2 * prior.PrecisionR2, (1 - prior.MeanR2) * prior.PrecisionR2, prior.Concentration);
        _constant = -GammaFunction.LogBeta(_a, _b);
        for (int k = 0; k < count - 1; k++) _constant -= GammaFunction.LogBeta(_concentration, Rest(k));
        (_broken, _logShare) = (new double[count - 1], new double[count]);
    }

    public override int Count => Coefficients;

    public override IReadOnlyList<(string Name, bool PerCoefficient)> Variables => [("R2D2_R2", false), ("R2D2_phi", true)];

    public override double Set(ReadOnlySpan<double> theta, double unit, bool includeJacobian)
    {
        double t = theta[0], logR2 = -LogisticFunction.Log1pExp(-t), logOther = -LogisticFunction.Log1pExp(t), left = 0;
        _r2 = LogisticFunction.Logistic(t);
        double sum = _constant + _a * logR2 + _b * logOther - (includeJacobian ? 0 : logR2 + logOther);
        for (int k = 0; k < Coefficients - 1; k++)
        {
            double at = theta[k + 1] - Math.Log(Coefficients - 1 - k), log = -LogisticFunction.Log1pExp(-at), logRest = -LogisticFunction.Log1pExp(at);
            _broken[k] = LogisticFunction.Logistic(at);
            _logShare[k] = left + log;
            sum += _concentration * log + Rest(k) * logRest - (includeJacobian ? 0 : log + logRest + left);
            left += logRest;
        }
        _logShare[Coefficients - 1] = left;
        for (int j = 0; j < Coefficients; j++) Scale[j] = unit * Math.Exp(0.5 * (t + _logShare[j]));
        return sum;
    }

    public override double Gradient(ReadOnlySpan<double> byLogScale, bool includeJacobian, Span<double> gradient)
    {
        double later = 0.5 * byLogScale[Coefficients - 1];
        for (int k = Coefficients - 2; k >= 0; k--)
        {
            double z = _broken[k], own = 0.5 * byLogScale[k];
            gradient[k + 1] = (own + _concentration) * (1 - z) - (later + Rest(k)) * z;
            // Without the Jacobian of the stick: log z + log(1 − z) + the log of what is left before this break, which every earlier break shortens.
            if (!includeJacobian) gradient[k + 1] += -1 + 2 * z + (Coefficients - 2 - k) * z;
            later += own;
        }
        gradient[0] = later + _a - (_a + _b) * _r2 - (includeJacobian ? 0 : 1 - 2 * _r2);
        return 2 * later;
    }

    public override void Write(Span<double> values)
    {
        values[0] = _r2;
        for (int j = 0; j < Coefficients; j++) values[j + 1] = Math.Exp(_logShare[j]);
    }

    public override void Invert(ReadOnlySpan<double> values, double unit, Span<double> theta)
    {
        theta[0] = LogisticFunction.Logit(values[0]);
        for (int k = 0; k < Coefficients - 1; k++)
        {
            double rest = 0;
            for (int j = k + 1; j < Coefficients; j++) rest += values[j + 1];
            theta[k + 1] = Math.Log(values[k + 1] / rest) + Math.Log(Coefficients - 1 - k);
        }
        RequireFinite(theta);
    }

    /// <summary>The concentration of all shares after the kth together.</summary>
    private double Rest(int k) => (Coefficients - 1 - k) * _concentration;
}
