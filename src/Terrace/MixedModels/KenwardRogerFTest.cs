using Terrace.Numerics.Distributions;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>Kenward and Roger's scaled F test of several equations about the fixed effects at once: λF is taken for an F variable with q and m degrees of freedom.</summary>
/// <remarks>
/// <para>F = (1/q) β'L'(LΦ_A L')⁻¹Lβ, Θ = L'(LΦL')⁻¹L, M_i = ΦP_iΦ; A₁ = Σ W_ij tr(ΘM_i) tr(ΘM_j), A₂ = Σ W_ij tr(ΘM_iΘM_j); B = (A₁ + 6A₂)/(2q), g = ((q+1)A₁ − (q+4)A₂)/((q+2)A₂),
/// c₁ = g/(3q+2(1−g)), c₂ = (q−g)/(3q+2(1−g)), c₃ = (q+2−g)/(3q+2(1−g)); E* = 1/(1 − A₂/q), V* = (2/q)(1 + c₁B)/((1 − c₂B)²(1 − c₃B)), ρ = V*/(2E*²),
/// m = 4 + (q+2)/(qρ − 1), λ = m/(E*(m − 2)).</para>
/// <para>Kenward and Roger (1997), <em>Small sample inference for fixed effects from restricted maximum likelihood</em>, section 3 and appendix; with Halekoh and Højsgaard (2014) the ratio in ρ is 1
/// where both its parts vanish, and λ is 1 where m is 2.</para>
/// <para>Check: HypothesisFTests (pbkrtest's KRmodcomp; λ = 1 and the t test for one equation).</para>
/// </remarks>
internal static class KenwardRogerFTest
{
    private const double Vanishing = 1e-10;

    /// <summary>The test of <paramref name="rows"/> over the estimated coefficients; <paramref name="adjusted"/> is Φ_A.</summary>
    public static FixedEffectsFTest Of(VarianceMoments moments, Matrix adjusted, Matrix rows, double[] beta)
    {
        var equations = new HypothesisDecomposition(rows, beta, moments.Covariance);
        int q = equations.Rank;
        if (q == 0) return new FixedEffectsFTest(double.NaN, 0, double.NaN, 1, double.NaN);
        var (a1, a2) = Traces(moments, equations.Projection(rows.Columns));
        var (denominator, scale) = Reference(q, a1, a2);
        double statistic = scale * new HypothesisDecomposition(rows, beta, adjusted).ChiSquare / q;
        return new FixedEffectsFTest(statistic, q, denominator, scale, denominator > 0 ? FisherF.UpperTail(statistic, q, denominator) : double.NaN);
    }

    private static (double A1, double A2) Traces(VarianceMoments moments, Matrix projection)
    {
        Matrix[] products = [.. moments.Derivatives.Select(m => Gemm.Product(projection, false, m, false))];
        double[] traces = [.. products.Select(Trace)];
        double a1 = 0, a2 = 0;
        for (int j = 0; j < products.Length; j++)
        {
            for (int i = 0; i < products.Length; i++)
            {
                a1 += moments.Spread[i, j] * traces[i] * traces[j];
                a2 += moments.Spread[i, j] * ProductTrace(products[i], products[j]);
            }
        }
        return (a1, a2);
    }

    /// <summary>m and λ.</summary>
    private static (double Denominator, double Scale) Reference(int q, double a1, double a2)
    {
        double b = (a1 + 6 * a2) / (2 * q), g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2), common = 3 * q + 2 * (1 - g);
        double v0 = 1 + g / common * b, v1 = 1 - (q - g) / common * b, v2 = 1 - (q + 2 - g) / common * b;
        if (Math.Abs(v0) < Vanishing) v0 = 0;
        double inverseMean = 1 - a2 / q, ratio = Math.Abs(inverseMean) < Vanishing && Math.Abs(v1) < Vanishing ? 1 : inverseMean / v1;
        double rho = ratio * ratio * v0 / v2 / q;
        double m = 4 + (q + 2) / (q * rho - 1);
        return (m, Math.Abs(m - 2) < 1e-2 ? 1 : m * inverseMean / (m - 2));
    }

    private static double Trace(Matrix m) => Enumerable.Range(0, m.Rows).Sum(i => m[i, i]);

    private static double ProductTrace(Matrix a, Matrix b)
    {
        double sum = 0;
        for (int j = 0; j < a.Columns; j++)
        {
            for (int i = 0; i < a.Rows; i++) sum += a[i, j] * b[j, i];
        }
        return sum;
    }
}
