using MathNet.Numerics.Integration;
using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;

namespace Terrace.Stan.Tests.Runtime.Densities;

/// <summary>The Wiener first passage time with variation between trials, and its cumulative functions: averages by brute force, totals, and gradients.</summary>
public sealed unsafe class WienerTrialsTests
{
    /// <summary>y, α, τ, β, δ, s_δ, s_β, s_τ; in the second the nondecision time may exceed the outcome.</summary>
    public static TheoryData<double[]> Points =>
    [
        [0.9, 1.2, 0.2, 0.4, 0.8, 0.5, 0.3, 0.25], [0.45, 1.6, 0.2, 0.55, -0.7, 0.3, 0.2, 0.4], [2.5, 0.8, 0.1, 0.7, 1.5, 0, 0.1, 0.3], [1.1, 1.4, 0.3, 0.3, 0.5, 0.6, 0.4, 0], [0.8, 1, 0.1, 0.5, 1, 0.4, 0, 0],
    ];

    private static (Block, double[])[] Inputs(double[] x) => [.. x.Select(value => (AdjointCheck.Scalar, (double[])[value]))];

    private static Block Density(Workspace w, Block[] b) => WienerFull.Log(w, -1, b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]);

    private static Block Lower(Workspace w, Block[] b) => WienerCumulative.LogLower(w, b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]);

    private static Block Upper(Workspace w, Block[] b) => WienerCumulative.LogUpper(w, b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]);

    private static double Value(Func<Workspace, Block[], Block> function, double[] x)
    {
        var w = new Workspace();
        Block[] blocks = [.. x.Select(value => w.AllocateScalar(value, false))];
        return w.V[function(w, blocks).Offset];
    }

    private static double Plain(double y, double alpha, double tau, double beta, double delta, double driftSpread)
    {
        if (y <= tau) return 0;
        double* x = stackalloc double[6] { y, alpha, tau, beta, delta, driftSpread }, d = stackalloc double[6];
        return Math.Exp(WienerVariableDriftDistribution.Log(x, d, -1, 0));
    }

    [Theory]
    [MemberData(nameof(Points))]
    public void The_density_is_the_mean_over_starting_points_and_nondecision_times(double[] x)
    {
        double OverStart(double tau) => x[6] == 0
            ? Plain(x[0], x[1], tau, x[3], x[4], x[5])
            : GaussLegendreRule.Integrate(u => Plain(x[0], x[1], tau, x[3] + (x[6] * u), x[4], x[5]), -0.5, 0, 24) + GaussLegendreRule.Integrate(u => Plain(x[0], x[1], tau, x[3] + (x[6] * u), x[4], x[5]), 0, 0.5, 24);
        double expected = 0;
        // Integrated to where the outcome is reached, beyond which the density is 0.
        double end = Math.Min(1, x[7] == 0 ? 1 : (x[0] - x[2]) / x[7]);
        if (x[7] == 0) expected = OverStart(x[2]);
        else for (int panel = 0; panel < 8; panel++) expected += GaussLegendreRule.Integrate(v => OverStart(x[2] + (x[7] * v)), end * panel / 8, end * (panel + 1) / 8, 16);
        Assert.Equal(Math.Log(expected), Value(Density, x), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Points))]
    public void The_gradients_are_those_of_differences(double[] x)
    {
        // A variation of 0 is at the edge of its domain, so only those inside are moved.
        int inside = x[7] == 0 ? x[6] == 0 ? 6 : 7 : 8;
        if (x[5] == 0) return;
        foreach (Func<Workspace, Block[], Block> function in (Func<Workspace, Block[], Block>[])[Density, Lower, Upper])
            AdjointCheck.Verify((w, b) => function(w, [.. b, .. x[b.Length..].Select(value => w.AllocateScalar(value, false))]), 2e-6, Inputs(x[..inside]));
    }

    [Fact]
    public void The_gradient_with_a_fixed_drift_is_that_of_differences()
    {
        double[] x = [2.5, 0.8, 0.1, 0.7, 1.5, 0.1, 0.3];
        AdjointCheck.Verify((w, b) => WienerFull.Log(w, -1, b[0], b[1], b[2], b[3], b[4], w.AllocateScalar(0, false), b[5], b[6]), 2e-6, Inputs(x));
    }

    [Theory]
    [InlineData(0.5, 1.5, 0.2, 0.4, 0.8)]
    [InlineData(0.9, 0.8, 0.1, 0.7, -2.5)]
    [InlineData(6, 2.2, 0.3, 0.2, 0.3)]
    public void Both_cumulative_functions_sum_to_the_probability_of_the_upper_boundary(double y, double alpha, double tau, double beta, double delta)
    {
        double expected = (1 - Math.Exp(-2 * delta * alpha * beta)) / (1 - Math.Exp(-2 * delta * alpha));
        double[] x = [y, alpha, tau, beta, delta];
        double lower = Value((w, b) => WienerCumulative.LogLower(w, b[0], b[1], b[2], b[3], b[4]), x), upper = Value((w, b) => WienerCumulative.LogUpper(w, b[0], b[1], b[2], b[3], b[4]), x);
        Assert.Equal(expected, Math.Exp(lower) + Math.Exp(upper), 1e-10);
        AdjointCheck.Verify((w, b) => WienerCumulative.LogLower(w, b[0], b[1], b[2], b[3], b[4]), 1e-6, Inputs(x));
        AdjointCheck.Verify((w, b) => WienerCumulative.LogUpper(w, b[0], b[1], b[2], b[3], b[4]), 1e-6, Inputs(x));
    }

    [Theory]
    [MemberData(nameof(Points))]
    public void The_cumulative_functions_are_integrals_of_the_density_by_start_and_time(double[] x)
    {
        // A trial with first passage s after the nondecision time has ended by y with the probability that the nondecision time is at most y − s.
        double time = x[0] - x[2], lower = 0, upper = 0;
        double Ended(double s) => x[7] == 0 ? (s < time ? 1 : 0) : Math.Clamp((time - s) / x[7], 0, 1);
        double Density(double s) => x[6] == 0 ? Plain(s, x[1], 0, x[3], x[4], x[5]) : GaussLegendreRule.Integrate(u => Plain(s, x[1], 0, x[3] + (x[6] * u), x[4], x[5]), -0.5, 0.5, 32);
        double[] cuts = [0, .. Enumerable.Range(0, 40).Select(k => 0.002 * Math.Pow(1.3, k)), time, Math.Max(0, time - x[7])];
        Array.Sort(cuts);
        for (int k = 1; k < cuts.Length; k++)
        {
            if (cuts[k] == cuts[k - 1]) continue;
            lower += GaussLegendreRule.Integrate(s => Density(s) * Ended(s), cuts[k - 1], cuts[k], 12);
            upper += GaussLegendreRule.Integrate(s => Density(s) * (1 - Ended(s)), cuts[k - 1], cuts[k], 12);
        }
        Assert.Equal(lower, Math.Exp(Value(Lower, x)), 1e-8);
        Assert.Equal(upper, Math.Exp(Value(Upper, x)), 1e-8);
        double slope = (Math.Exp(Value(Lower, [x[0] + 1e-4, .. x[1..]])) - Math.Exp(Value(Lower, [x[0] - 1e-4, .. x[1..]]))) / 2e-4;
        Assert.Equal(slope, Math.Exp(Value(WienerTrialsTests.Density, x)), 1e-5);
    }

    [Fact]
    public void The_program_takes_seven_parameters()
    {
        var program = new Terrace.Stan.Tests.Language.Program("""
            parameters { real<lower=0.5, upper=2> a; real d; real<lower=0, upper=0.3> s; }
            model { 0.9 ~ wiener(a, 0.2, 0.5, d, 0.4, s, 0.1); target += wiener_lccdf_unnorm(1.5, a, 0.2, 0.5, d); }
            """);
        program.VerifyGradient(1e-5);
    }

    [Theory]
    [InlineData(0.1, 0.2, 0.5, 0.1)]
    [InlineData(1, 0.2, 0.1, 0.3)]
    [InlineData(1, -1, 0.5, 0.3)]
    public void Arguments_outside_the_domain_are_refused(double y, double tau, double beta, double startSpread) =>
        Assert.StartsWith("wiener_lpdf: ", Assert.Throws<StanFaultException>(() => Value(Density, [y, 1, tau, beta, 0.5, 0.1, startSpread, 0.1])).Message, StringComparison.Ordinal);
}
