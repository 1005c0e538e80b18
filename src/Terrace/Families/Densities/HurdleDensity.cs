using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families.Densities;

/// <summary>
/// A count that is zero with probability π = logistic(ζ) and otherwise follows another density ℓ(η, ψ) truncated to the counts above zero; ζ is the last parameter.
/// <code>
/// y = 0   log π,  no part of η or ψ in it
/// y &gt; 0   log(1 − π) + ℓ + r₀(ℓ⁰),  r₀(x) = −log(1 − e^x),  ℓ⁰ the log probability of 0,  r = r₀′ = e^x/(1 − e^x),  r′ = r(1 + r),  r″ = r′(1 + 2r)
///         ∂η   ℓ₁ + r ℓ⁰₁            ∂²η   ℓ₂ + r ℓ⁰₂ + r′ (ℓ⁰₁)²       ∂³η  ℓ₃ + r ℓ⁰₃ + 3 r′ ℓ⁰₁ ℓ⁰₂ + r″ (ℓ⁰₁)³
///         ∂ψ   ℓ_ψ + r ℓ⁰_ψ          ∂η∂ψ  ℓ₁_ψ + r ℓ⁰₁_ψ + r′ ℓ⁰₁ ℓ⁰_ψ
///         ∂²η∂ψ  ℓ₂_ψ + r ℓ⁰₂_ψ + r′(2 ℓ⁰₁ ℓ⁰₁_ψ + ℓ⁰₂ ℓ⁰_ψ) + r″ (ℓ⁰₁)² ℓ⁰_ψ
/// </code>
/// Mullahy (1986), Specification and testing of some modified count data models; the derivatives are worked out here. Checked by finite differences in <c>ResponseDensityTests</c>.
/// </summary>
/// <param name="counts">The density of the responses.</param>
/// <param name="zeros">The same density with every response 0.</param>
/// <param name="y">The responses.</param>
internal sealed class HurdleDensity(ResponseDensity counts, ResponseDensity zeros, double[] y) : ResponseDensity
{
    private readonly double[] _logit = new double[y.Length];
    private readonly DensityDerivatives _zero = new(y.Length, counts.Parameters);

    public override int Parameters => counts.Parameters + 1;

    public override bool SetParameters(ReadOnlySpan<double[]> psi)
    {
        psi[^1].CopyTo(_logit, 0);
        return counts.SetParameters(psi[..^1]) && zeros.SetParameters(psi[..^1]);
    }

    public override void Evaluate(ReadOnlySpan<double> eta, DensityDetail detail, DensityDerivatives into)
    {
        counts.Evaluate(eta, detail, into);
        zeros.Evaluate(eta, detail, _zero);
        for (int i = 0; i < y.Length; i++)
        {
            if (y[i] == 0) AtZero(i, detail, into);
            else AboveZero(i, detail, into);
            if (detail == DensityDetail.Modes) continue;
            int zeta = counts.Parameters;
            into.Own[zeta][i] = (y[i] == 0 ? 1 : 0) - LogisticFunction.Logistic(_logit[i]);
            into.OwnFirst[zeta][i] = 0;
            into.OwnSecond[zeta][i] = 0;
        }
    }

    private void AtZero(int i, DensityDetail detail, DensityDerivatives into)
    {
        into.Value[i] = -LogisticFunction.Log1pExp(-_logit[i]);
        into.First[i] = 0;
        into.Second[i] = 0;
        if (detail == DensityDetail.Modes) return;
        into.Third[i] = 0;
        for (int k = 0; k < counts.Parameters; k++) into.Own[k][i] = into.OwnFirst[k][i] = into.OwnSecond[k][i] = 0;
    }

    private void AboveZero(int i, DensityDetail detail, DensityDerivatives into)
    {
        double log = _zero.Value[i], first = _zero.First[i], second = _zero.Second[i], square = first * first;
        double r = 1 / LogisticFunction.Expm1(-log), r1 = r * (1 + r), r2 = r1 * (1 + 2 * r);
        into.Value[i] += -LogisticFunction.Log1pExp(_logit[i]) - LogisticFunction.Log1mExp(-log);
        into.First[i] += r * first;
        into.Second[i] += r * second + r1 * square;
        if (detail == DensityDetail.Modes) return;
        into.Third[i] += r * _zero.Third[i] + 3 * r1 * first * second + r2 * square * first;
        for (int k = 0; k < counts.Parameters; k++)
        {
            double own = _zero.Own[k][i], ownFirst = _zero.OwnFirst[k][i];
            into.Own[k][i] += r * own;
            into.OwnFirst[k][i] += r * ownFirst + r1 * first * own;
            into.OwnSecond[k][i] += r * _zero.OwnSecond[k][i] + r1 * (2 * first * ownFirst + second * own) + r2 * square * own;
        }
    }
}
