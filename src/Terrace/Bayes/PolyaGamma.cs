using Terrace.Numerics.Distributions;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Bayes;

/// <summary>
/// Draws of the Pólya–Gamma distribution PG(n, z), n whole: the sum of n draws of PG(1, z) = ¼ J*(1, z/2), each by Devroye's method of alternating series.
/// <code>
/// a_j(x) = π(j + ½) (2/(πx))^(3/2) e^(−2(j + ½)²/x) for x ≤ t,  π(j + ½) e^(−(j + ½)²π²x/2) above,  t = 0.64
/// </code>
/// Polson, Scott and Windle (2013), Bayesian inference for logistic models using Pólya–Gamma latent variables, section 4 and algorithm 1. Mean n tanh(z/2)/(2z). Checked in <c>GibbsTests</c> (moments).
/// </summary>
internal static class PolyaGamma
{
    private const double Cut = 0.64;

    /// <summary>One draw of PG(n, z).</summary>
    public static double Draw(int n, double z, Rng rng)
    {
        double half = 0.5 * Math.Abs(z), rate = Math.PI * Math.PI / 8 + 0.5 * half * half, above = ShareAbove(half, rate), sum = 0;
        for (int i = 0; i < n; i++) sum += One(half, rate, above, rng);
        return sum;
    }

    private static double One(double z, double rate, double above, Rng rng)
    {
        while (true)
        {
            double x = rng.NextDouble() < above ? Cut + rng.NextExponential() / rate : InverseGaussianBelow(z, rng);
            double series = Coefficient(0, x), limit = rng.NextDouble() * series;
            for (int j = 1; ; j++)
            {
                if (j % 2 == 1)
                {
                    series -= Coefficient(j, x);
                    if (limit <= series) return 0.25 * x;
                }
                else
                {
                    series += Coefficient(j, x);
                    if (limit > series) break;
                }
            }
        }
    }

    private static double Coefficient(int j, double x)
    {
        double k = j + 0.5;
        return x > Cut ? Math.PI * k * Math.Exp(-0.5 * k * k * Math.PI * Math.PI * x) : Math.PI * k * Math.Pow(2 / (Math.PI * x), 1.5) * Math.Exp(-2 * k * k / x);
    }

    /// <summary>The probability of the proposal's exponential tail above t.</summary>
    private static double ShareAbove(double z, double rate)
    {
        double root = Math.Sqrt(1 / Cut), b = root * (Cut * z - 1), a = -root * (Cut * z + 1), start = Math.Log(rate) + rate * Cut;
        double ratio = 4 / Math.PI * (Math.Exp(start - z) * Normal.Cdf(b) + Math.Exp(start + z) * Normal.Cdf(a));
        return 1 / (1 + ratio);
    }

    /// <summary>An inverse Gaussian variable with mean 1/z and shape 1, given that it is below t.</summary>
    private static double InverseGaussianBelow(double z, Rng rng)
    {
        if (z * Cut < 1)
        {
            while (true)
            {
                double first, second;
                do (first, second) = (rng.NextExponential(), rng.NextExponential());
                while (first * first > 2 * second / Cut);
                double x = Cut / ((1 + Cut * first) * (1 + Cut * first));
                if (rng.NextDouble() < Math.Exp(-0.5 * z * z * x)) return x;
            }
        }
        while (true)
        {
            double mean = 1 / z, normal = rng.NextNormal(), y = normal * normal, x = mean + 0.5 * mean * mean * y - 0.5 * mean * Math.Sqrt(4 * mean * y + mean * mean * y * y);
            if (rng.NextDouble() > mean / (mean + x)) x = mean * mean / x;
            if (x < Cut && x > 0) return x;
        }
    }
}
