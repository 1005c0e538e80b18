using MathNet.Numerics;
using MathNet.Numerics.Integration;
using Terrace.Numerics.Distributions;

namespace Terrace.Stan.Runtime.Scalars;

/// <summary>
/// Owen's function T(h, a) = 1/(2π) ∫₀ᵃ exp(−h²(1 + x²)/2) / (1 + x²) dx, the probability that X &gt; h and 0 &lt; Y &lt; aX for independent standard normals.
/// <para>Formula: for 0 ≤ a ≤ 1, h ≥ 0 Gauss–Legendre quadrature with 32 points, the range cut where the integrand has fallen by e⁻⁴⁰ (error below 10⁻¹⁵ of the value: the integrand's nearest poles are ±i);
/// for a &gt; 1 T(h, a) = ½Φ(−h) (1 − 2Φ(−ah)) + ½Φ(−ah) − T(ah, 1/a). T is even in h and odd in a.</para>
/// <para>Source: Owen (1956), "Tables for computing bivariate normal probabilities", eqs. 2.3–2.5. Test: ScalarTests.</para>
/// </summary>
internal static class OwensT
{
    private static readonly GaussLegendreRule Unit = new(0, 1, 32);
    private static readonly double[] Nodes = Unit.Abscissas, Weights = Unit.Weights;

    /// <summary>T(h, a).</summary>
    public static double T(double h, double a)
    {
        if (double.IsNaN(h + a)) return double.NaN;
        h = Math.Abs(h);
        if (a < 0) return -T(h, -a);
        if (a <= 1) return Quadrature(h, 0, a) / 2;
        if (double.IsPositiveInfinity(a)) return 0.5 * Normal.UpperTail(h);
        double p = Normal.UpperTail(h), q = Normal.UpperTail(a * h);
        return (0.5 * p * (1 - (2 * q))) + (0.5 * q) - (Quadrature(a * h, 0, 1 / a) / 2);
    }

    /// <summary>(−φ(h) (Φ(ah) − ½), exp(−h²(1 + a²)/2) / (2π(1 + a²))).</summary>
    public static void TSlopes(double h, double a, double value, out double dh, out double da)
    {
        dh = -0.19947114020071635 * Math.Exp(-0.5 * h * h) * SpecialFunctions.Erf(a * h * 0.7071067811865476);
        da = Math.Exp(-0.5 * h * h * (1 + (a * a))) / (2 * Math.PI * (1 + (a * a)));
    }

    /// <summary>log of the part of T beyond a, doubled: log of 1/π ∫ₐ^∞ of the integrand = Φ(−h) − 2T(h, a) for h, a ≥ 0, by quadrature where that difference would cancel.</summary>
    public static double LogBeyond(double h, double a)
    {
        if (h < 1 && h * a < 1) return Math.Log(Normal.UpperTail(h) - (2 * T(h, a)));
        return Math.Log(Scaled(h, a, double.PositiveInfinity)) - (0.5 * h * h * (1 + (a * a)));
    }

    /// <summary>1/π ∫ of exp(−h²(1 + x²)/2) / (1 + x²) over from … to.</summary>
    private static double Quadrature(double h, double from, double to) => Scaled(h, from, to) * Math.Exp(-0.5 * h * h * (1 + (from * from)));

    /// <summary>The same over its exponential at the lower end, in two panels.</summary>
    private static double Scaled(double h, double from, double to)
    {
        double ratio = 80 / (h * h), reach = ratio / (from + Math.Sqrt((from * from) + ratio)), half = 0.5 * (h < 1e-50 ? to - from : Math.Min(to - from, reach));
        double sum = 0, square = 0.5 * h * h;
        for (int i = 0; i < 64; i++)
        {
            double s = half * (Nodes[i & 31] + (i >> 5)), x = from + s;
            sum += Weights[i & 31] * Math.Exp(-square * s * (from + x)) / (1 + (x * x));
        }
        return sum * half / Math.PI;
    }
}
