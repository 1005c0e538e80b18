using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Scalars;

/// <summary>
/// The logarithm of the modified Bessel function Iᵥ(z) of real order v ≥ 0 (more exactly v &gt; −1), z ≥ 0, and its derivatives.
/// <para>Formula: Iᵥ(z) = Σₖ tₖ, tₖ = (z/2)^(v + 2k) / (k! Γ(v + k + 1)), summed outwards from the largest term; ∂ log I/∂z = (v + 2E[k])/z and ∂ log I/∂v = log(z/2) − E[ψ(v + k + 1)], E the mean with
/// weights tₖ. For z &gt; 30 and above v²: log I = z − ½ log(2πz) + log Σₖ (−1)ᵏ aₖ(v)/zᵏ.</para>
/// <para>Source: Abramowitz and Stegun (1964), 9.6.10, 9.6.42, 9.7.1. Test: ScalarTests.</para>
/// </summary>
internal static class LogBesselI
{
    private const double HalfLogTwoPi = 0.9189385332046728;

    /// <summary>log Iᵥ(z).</summary>
    public static double Log(double v, double z)
    {
        if (!(v > -1)) Workspace.Reject($"log_modified_bessel_first_kind: order is {v}, but must be greater than -1");
        if (!(z >= 0)) Workspace.Reject($"log_modified_bessel_first_kind: argument is {z}, but must not be negative");
        return Evaluate(v, z, false, out _, out _);
    }

    /// <summary>The derivatives by order and argument.</summary>
    public static void LogSlopes(double v, double z, double value, out double dv, out double dz) => Evaluate(v, z, true, out dv, out dz);

    /// <summary>The value and, if wanted, the derivative by the order; that by the argument always.</summary>
    public static double Evaluate(double v, double z, bool byOrder, out double dv, out double dz)
    {
        if (z == 0)
        {
            dv = v == 0 ? double.NegativeInfinity : 0;
            dz = v == 0 ? 0 : double.PositiveInfinity;
            return v == 0 ? 0 : v > 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }
        return z > 30 && z > v * v ? Asymptotic(v, z, out dv, out dz) : Series(v, z, byOrder, out dv, out dz);
    }

    private static double Series(double v, double z, bool byOrder, out double dv, out double dz)
    {
        double square = 0.25 * z * z, log = Math.Log(0.5 * z);
        double peak = Math.Max(0, Math.Floor(0.5 * (Math.Sqrt((v * v) + (z * z)) - v)));
        double psi = byOrder ? GammaFunction.Digamma(v + peak + 1) : 0;
        double sum = 1, sumK = 0, sumPsi = 0, term = 1, rise = 0;
        for (double k = peak + 1; ; k++)
        {
            term *= square / (k * (v + k));
            rise += 1 / (v + k);
            sum += term;
            sumK += term * (k - peak);
            sumPsi += term * rise;
            if (term * (k - peak) <= 1e-17 * sum) break;
        }
        term = 1;
        rise = 0;
        for (double k = peak; k > 0; k--)
        {
            term *= k * (v + k) / square;
            rise -= 1 / (v + k);
            sum += term;
            sumK += term * (k - 1 - peak);
            sumPsi += term * rise;
            if (term * (peak - k + 1) <= 1e-17 * sum) break;
        }
        dv = log - psi - (sumPsi / sum);
        dz = (v + (2 * (peak + (sumK / sum)))) / z;
        return ((v + (2 * peak)) * log) - GammaFunction.LogGamma(peak + 1) - GammaFunction.LogGamma(v + peak + 1) + Math.Log(sum);
    }

    private static double Asymptotic(double v, double z, out double dv, out double dz)
    {
        double fourSquares = 4 * v * v, sum = 1, term = 1, byV = 0, termByV = 0, byZ = 0;
        for (int k = 1; k <= 60; k++)
        {
            double odd = (2 * k) - 1, factor = -(fourSquares - (odd * odd)) / (8 * k * z), next = term * factor;
            if (Math.Abs(next) > Math.Abs(term) && k > v) break;
            termByV = (termByV * factor) - (term * v / (k * z));
            term = next;
            sum += term;
            byV += termByV;
            byZ -= k * term / z;
            if (Math.Abs(term) * k < 1e-17 && Math.Abs(termByV) < 1e-17) break;
        }
        dv = byV / sum;
        dz = 1 - (0.5 / z) + (byZ / sum);
        return z - HalfLogTwoPi - (0.5 * Math.Log(z)) + Math.Log(sum);
    }
}
