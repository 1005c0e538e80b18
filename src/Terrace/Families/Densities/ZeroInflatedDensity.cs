using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families.Densities;

/// <summary>
/// A count that is zero for certain with probability π = logistic(ζ) and otherwise follows another density ℓ(η, ψ); ζ is the last parameter.
/// <code>
/// y &gt; 0   log(1 − π) + ℓ
/// y = 0   log(π + (1 − π) e^ℓ) = log(1 − π) + ζ + log(1 + e^t),  t = ℓ − ζ,  s = logistic(t),  s′ = s(1 − s),  s″ = s′(1 − 2s)
///         ∂η   s ℓ₁        ∂²η  s ℓ₂ + s′ ℓ₁²        ∂³η  s ℓ₃ + 3 s′ ℓ₁ ℓ₂ + s″ ℓ₁³
///         ∂ψ   s ℓ_ψ       ∂η∂ψ s ℓ₁_ψ + s′ ℓ₁ ℓ_ψ   ∂²η∂ψ  s ℓ₂_ψ + s′(2 ℓ₁ ℓ₁_ψ + ℓ₂ ℓ_ψ) + s″ ℓ₁² ℓ_ψ
///         ∂ζ   1 − s − π   ∂η∂ζ −s′ ℓ₁               ∂²η∂ζ  −s′ ℓ₂ − s″ ℓ₁²
/// </code>
/// Lambert (1992), Zero-inflated Poisson regression, equation 1; the derivatives are worked out here. Checked by finite differences in <c>ResponseDensityTests</c>.
/// </summary>
internal sealed class ZeroInflatedDensity(ResponseDensity counts, double[] y) : ResponseDensity
{
    private readonly double[] _logit = new double[y.Length];
    private readonly double[] _probability = new double[y.Length];
    private readonly double[] _logRest = new double[y.Length];

    public override int Parameters => counts.Parameters + 1;

    public override bool SetParameters(ReadOnlySpan<double[]> psi)
    {
        psi[^1].CopyTo(_logit, 0);
        for (int i = 0; i < y.Length; i++)
        {
            bool same = i > 0 && _logit[i] == _logit[i - 1];
            _probability[i] = same ? _probability[i - 1] : LogisticFunction.Logistic(_logit[i]);
            _logRest[i] = same ? _logRest[i - 1] : -LogisticFunction.Log1pExp(_logit[i]);
        }
        return counts.SetParameters(psi[..^1]);
    }

    public override void Evaluate(ReadOnlySpan<double> eta, DensityDetail detail, DensityDerivatives into)
    {
        counts.Evaluate(eta, detail, into);
        int zeta = counts.Parameters;
        for (int i = 0; i < y.Length; i++)
        {
            if (y[i] == 0)
            {
                AtZero(i, detail, into);
                continue;
            }
            into.Value[i] += _logRest[i];
            if (detail == DensityDetail.Modes) continue;
            into.Own[zeta][i] = -_probability[i];
            into.OwnFirst[zeta][i] = 0;
            into.OwnSecond[zeta][i] = 0;
        }
    }

    private void AtZero(int i, DensityDetail detail, DensityDerivatives into)
    {
        double t = into.Value[i] - _logit[i], s = LogisticFunction.Logistic(t), s1 = s * LogisticFunction.Logistic(-t), s2 = s1 * (1 - 2 * s);
        double first = into.First[i], second = into.Second[i], square = first * first;
        into.Value[i] = _logRest[i] + _logit[i] + LogisticFunction.Log1pExp(t);
        into.First[i] = s * first;
        into.Second[i] = s * second + s1 * square;
        if (detail == DensityDetail.Modes) return;
        into.Third[i] = s * into.Third[i] + 3 * s1 * first * second + s2 * square * first;
        for (int k = 0; k < counts.Parameters; k++)
        {
            double own = into.Own[k][i], ownFirst = into.OwnFirst[k][i];
            into.Own[k][i] = s * own;
            into.OwnFirst[k][i] = s * ownFirst + s1 * first * own;
            into.OwnSecond[k][i] = s * into.OwnSecond[k][i] + s1 * (2 * first * ownFirst + second * own) + s2 * square * own;
        }
        into.Own[counts.Parameters][i] = 1 - s - _probability[i];
        into.OwnFirst[counts.Parameters][i] = -s1 * first;
        into.OwnSecond[counts.Parameters][i] = -s1 * second - s2 * square;
    }
}
