using MathNet.Numerics.Integration;
using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;
using Terrace.Stan.Tests.Runtime.Scalars;

namespace Terrace.Stan.Tests.Runtime.Densities;

/// <summary>The Wiener first passage density: its total, its two expansions where they meet, its partials, and the mean over varying drifts.</summary>
public sealed unsafe class WienerTests
{
    public static TheoryData<double, double, double, double, double> Points => new()
    {
        { 0.5, 1.5, 0.2, 0.4, 0.8 }, { 2.5, 1.5, 0.2, 0.4, -1.3 }, { 0.9, 0.8, 0.1, 0.7, 2.5 }, { 6, 1.1, 0.3, 0.85, 0.1 }, { 0.25, 2, 0.2, 0.15, -0.5 }, { 1.3, 3, 0, 0.5, 1 },
    };

    [Theory]
    [InlineData(1.5, 0.4, 0.8)]
    [InlineData(0.8, 0.7, -2.5)]
    [InlineData(2.2, 0.2, 0.3)]
    public void The_density_integrates_to_the_probability_of_the_upper_boundary(double alpha, double beta, double delta)
    {
        // Gambler's ruin of a diffusion (Feller 1968): (1 − e^(−2δαβ)) / (1 − e^(−2δα)).
        double expected = (1 - Math.Exp(-2 * delta * alpha * beta)) / (1 - Math.Exp(-2 * delta * alpha)), sum = 0;
        for (int panel = 0; panel < 200; panel++) sum += GaussLegendreRule.Integrate(u => Math.Exp(Log([0.1 + Math.Exp(u), alpha, 0.1, beta, delta], out _) + u), -9 + (0.07 * panel), -9 + (0.07 * (panel + 1)), 10);
        Assert.Equal(expected, sum, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Points))]
    public void The_partials_are_those_of_differences(double y, double alpha, double tau, double beta, double delta)
    {
        foreach (double[] x in (double[][])[[y, alpha, tau, beta, delta], [y, alpha, tau, beta, delta, 0.7]])
        {
            Log(x, out double[] d);
            for (int k = 0; k < x.Length; k++)
            {
                if (k == 2 && tau == 0) continue;
                string? disagreement = Differences.Disagreement(t => Attempt([.. x.Select((value, i) => i == k ? t : value)]), x[k], d[k]);
                Assert.True(disagreement is null, $"({string.Join(", ", x)}), argument {k}: {disagreement}");
            }
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.95)]
    public void The_two_expansions_agree_where_one_gives_way_to_the_other(double beta)
    {
        double below = Log([0.35 - 1e-12, 1, 0, beta, 0.4], out double[] before), above = Log([0.35 + 1e-12, 1, 0, beta, 0.4], out double[] after);
        Assert.Equal(below, above, 1e-10);
        for (int k = 0; k < 5; k++) Assert.Equal(before[k], after[k], 1e-8 * Math.Max(1, Math.Abs(after[k])));
    }

    [Theory]
    [MemberData(nameof(Points))]
    public void With_a_variable_drift_it_is_the_mean_over_normal_drifts(double y, double alpha, double tau, double beta, double delta)
    {
        const double sd = 0.6;
        double sum = 0;
        for (int panel = 0; panel < 20; panel++)
            sum += GaussLegendreRule.Integrate(z => Math.Exp(Log([y, alpha, tau, beta, delta + (sd * z)], out _) - (0.5 * z * z)) / Math.Sqrt(2 * Math.PI), -10 + panel, -9 + panel, 20);
        Assert.Equal(Math.Log(sum), Log([y, alpha, tau, beta, delta, sd], out _), 1e-11);
        Assert.Equal(Log([y, alpha, tau, beta, delta], out _), Log([y, alpha, tau, beta, delta, 0], out _));
    }

    [Theory]
    [InlineData(0.1, 1, 0.2, 0.5, 0)]
    [InlineData(1, -1, 0.2, 0.5, 0)]
    [InlineData(1, 1, 0.2, 1, 0)]
    [InlineData(1, 1, 0.2, 0.5, double.NaN)]
    public void Arguments_outside_the_domain_are_refused(double y, double alpha, double tau, double beta, double delta) =>
        Assert.StartsWith("wiener_lpdf: ", Assert.Throws<StanFaultException>(() => Log([y, alpha, tau, beta, delta], out _)).Message, StringComparison.Ordinal);

    private static double Log(double[] x, out double[] d)
    {
        d = new double[x.Length];
        fixed (double* px = x, pd = d) return x.Length == 5 ? WienerDistribution.Log(px, pd, -1, 31) : WienerVariableDriftDistribution.Log(px, pd, -1, 63);
    }

    private static double Attempt(double[] x)
    {
        try
        {
            return Log(x, out _);
        }
        catch (StanFaultException)
        {
            return double.NaN;
        }
    }
}
