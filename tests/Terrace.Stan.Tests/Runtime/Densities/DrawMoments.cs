using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime;

namespace Terrace.Stan.Tests.Runtime.Densities;

/// <summary>Means of statistics over draws at a fixed seed, each within 5 standard errors of its expectation: a right sampler fails with probability 6e-7 a statistic.</summary>
internal static class DrawMoments
{
    /// <summary>Draws with a workspace whose arena is reset after each and compares the means of what <paramref name="statistics"/> makes of a draw.</summary>
    public static void Verify(int draws, Func<Workspace, Func<double[]>> prepare, Func<double[], double[]> statistics, double[] expected)
    {
        var w = new Workspace { V = new double[1 << 14], A = new double[1 << 14], Rng = new Rng(5, 9) };
        Func<double[]> draw = prepare(w);
        int top = w.Top, ints = w.IntTop;
        double[] sum = new double[expected.Length], squares = new double[expected.Length];
        for (int n = 0; n < draws; n++)
        {
            double[] x = statistics(draw());
            w.Top = top;
            w.IntTop = ints;
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += x[i] - expected[i];
                squares[i] += (x[i] - expected[i]) * (x[i] - expected[i]);
            }
        }
        for (int i = 0; i < sum.Length; i++)
            Assert.True(Math.Abs(sum[i]) <= (5 * Math.Sqrt(squares[i])) + 1e-12, $"statistic {i}: expected {expected[i]:R}, mean of the draws {expected[i] + (sum[i] / draws):R}");
    }

    /// <summary>Elements followed by all products of pairs of deviations from a centre.</summary>
    public static double[] FirstAndSecond(double[] x, double[] centre) => [.. x, .. x.SelectMany((a, i) => x.Select((b, j) => (a - centre[i]) * (b - centre[j])))];
}
