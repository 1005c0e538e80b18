using Terrace.Inference.LogDensities;

namespace Terrace.Inference.Tests.Sampling;

/// <summary>Densities whose moments are known.</summary>
internal static class KnownDensities
{
    /// <summary>Two normals with standard deviations 1 and 10, means 2 and −3 and correlation 0.9.</summary>
    public static DelegateDensity CorrelatedNormal { get; } = new(["x", "y"], (q, g) =>
    {
        const double rho = 0.9, rest = 1 - rho * rho;
        double a = q[0] - 2, b = (q[1] + 3) / 10;
        g[0] = -(a - rho * b) / rest;
        g[1] = -(b - rho * a) / rest / 10;
        return -0.5 * (a * a - 2 * rho * a * b + b * b) / rest;
    });

    /// <summary>Neal's funnel: v ~ N(0, 3), x_k ~ N(0, e^(v/2)), nine of them, as it is or with standardised x.</summary>
    public static DelegateDensity Funnel(bool centred) => new(["v", .. Enumerable.Range(1, 9).Select(k => $"x{k}")], (q, g) =>
    {
        double v = q[0], precision = centred ? Math.Exp(-v) : 1, squares = 0;
        for (int k = 1; k < 10; k++)
        {
            squares += q[k] * q[k];
            g[k] = -precision * q[k];
        }
        g[0] = -v / 9 + (centred ? 0.5 * precision * squares - 4.5 : 0);
        return -v * v / 18 - 0.5 * precision * squares - (centred ? 4.5 * v : 0);
    });

    private static readonly double[] Effect = [28, 8, -3, 7, -1, 1, 18, 12], Error = [15, 10, 16, 11, 9, 11, 10, 18];

    /// <summary>Eight schools, non-centred: mu ~ N(0, 5), tau = e^t ~ half-Cauchy(0, 5), theta = mu + tau z. Rubin (1981); Gelman et al. (2013), section 5.5.</summary>
    public static DelegateDensity EightSchools { get; } = new(["mu", "log tau", .. Enumerable.Range(1, 8).Select(j => $"z{j}")], (q, g) =>
    {
        double mu = q[0], tau = Math.Exp(q[1]), value = -mu * mu / 50 - Math.Log(1 + tau * tau / 25) + q[1];
        g[0] = -mu / 25;
        g[1] = 1 - 2 * tau * tau / (25 + tau * tau);
        for (int j = 0; j < 8; j++)
        {
            double z = q[2 + j], residual = (Effect[j] - mu - tau * z) / Error[j], slope = residual / Error[j];
            value -= 0.5 * (residual * residual + z * z);
            g[0] += slope;
            g[1] += slope * tau * z;
            g[2 + j] = slope * tau - z;
        }
        return value;
    });

    /// <summary>E(mu) and E(tau) of <see cref="EightSchools"/> by quadrature over (mu, log tau), the schools integrated out: y_j ~ N(mu, σ_j² + tau²).</summary>
    public static (double Mu, double Tau) EightSchoolsMeans()
    {
        double total = 0, mu1 = 0, tau1 = 0;
        for (double t = -12; t < 6; t += 0.02)
        {
            double tau = Math.Exp(t), prior = -Math.Log(1 + tau * tau / 25) + t;
            for (double mu = -25; mu <= 35; mu += 0.25)
            {
                double log = prior - mu * mu / 50;
                for (int j = 0; j < 8; j++)
                {
                    double variance = Error[j] * Error[j] + tau * tau;
                    log -= 0.5 * ((Effect[j] - mu) * (Effect[j] - mu) / variance + Math.Log(variance));
                }
                double weight = Math.Exp(log + 25);
                (total, mu1, tau1) = (total + weight, mu1 + weight * mu, tau1 + weight * tau);
            }
        }
        return (mu1 / total, tau1 / total);
    }
}
