using Terrace.Stan.Runtime.Densities;

namespace Terrace.Stan.Tests.Runtime.Discrete;

public sealed unsafe class DiscreteCumulativeTests
{
    /// <summary>Values of exact rational arithmetic, rounded.</summary>
    [Fact]
    public void Tails_are_those_of_exact_arithmetic()
    {
        Agree(BinomialDistribution.LogCdf, 3, [10, 0.3], -0.43138199027079235934);
        Agree(BinomialDistribution.LogCcdf, 3, [10, 0.3], -1.0487105094288508267);
        Agree(PoissonDistribution.LogCdf, 4, [2.5], -0.11521107470692996544);
        Agree(PoissonDistribution.LogCcdf, 4, [2.5], -2.2180419329269677591);
        Agree(PoissonDistribution.LogCcdf, 60, [10], -62.106045241537257883);
        Agree(PoissonDistribution.LogCdf, 3, [40], -30.649231241105498046);
        Agree(NegBinomialDistribution.LogCdf, 4, [1.7, 0.8], -0.13877739727504620528);
        Agree(NegBinomialDistribution.LogCcdf, 4, [1.7, 0.8], -2.0434704501481486497);
        Agree(NegBinomialDistribution.LogCcdf, 80, [1.7, 0.8], -44.988571887016435724);
        Agree(NegBinomialDistribution.LogCdf, 5, [50, 5.0 / 6], -27.307762738435249583);
        Agree(NegBinomial2Distribution.LogCdf, 7, [4.2, 2.5], -0.16207178439111474630);
        Agree(BetaBinomialDistribution.LogCdf, 5, [12, 1.3, 2.2], -0.44107187344869232323);
        Agree(BetaBinomialDistribution.LogCcdf, 5, [12, 1.3, 2.2], -1.0309904597002969207);
        Agree(BetaNegBinomialDistribution.LogCdf, 6, [2, 3.1, 2.2], -0.073692802260112615162);
        Agree(BetaNegBinomialDistribution.LogCcdf, 6, [2, 3.1, 2.2], -2.6444702823978482318);
        Agree(BetaNegBinomialDistribution.LogCcdf, 40, [2, 9.5, 2.2], -17.847536229339619405);
        Agree(YuleSimonDistribution.LogCdf, 4, [1.7], -0.093953975663574488728);
        Agree(YuleSimonDistribution.LogCcdf, 4, [1.7], -2.4115594458690339011);
    }

    [Fact]
    public void A_cumulative_probability_is_the_sum_of_masses_and_its_complement_the_rest()
    {
        foreach (DiscreteCase one in DiscreteCase.Cumulative)
        {
            int last = Math.Min(one.Last, one.First + 60);
            double sum = 0;
            for (int y = one.First; y <= last; y++)
            {
                sum += Math.Exp(one.LogMassAt(y));
                double cdf = DiscreteCase.Evaluate(one.Cdf!, y, one.Parameters, 0, out _), ccdf = DiscreteCase.Evaluate(one.Ccdf!, y, one.Parameters, 0, out _);
                string name = $"{one.Name}({y} | {string.Join(", ", one.Parameters)})";
                Assert.True(Math.Abs(Math.Exp(cdf) - sum) < 1e-11, $"{name}: cdf {Math.Exp(cdf):R}, sum {sum:R}");
                Assert.True(Math.Abs(Math.Exp(cdf) + Math.Exp(ccdf) - 1) < 1e-11, $"{name}: cdf {Math.Exp(cdf):R}, ccdf {Math.Exp(ccdf):R}");
            }
        }
    }

    [Fact]
    public void Tails_outside_the_support_are_certain()
    {
        foreach (DiscreteCase one in DiscreteCase.Cumulative)
        {
            Assert.Equal(double.NegativeInfinity, DiscreteCase.Evaluate(one.Cdf!, one.First - 1, one.Parameters, one.Real, out double[] below));
            Assert.Equal(0, DiscreteCase.Evaluate(one.Ccdf!, one.First - 1, one.Parameters, one.Real, out double[] above));
            for (int k = 1; k <= one.Parameters.Length; k++)
                if ((one.Real & (1 << k)) != 0) Assert.Equal((0, 0), (below[k], above[k]));
        }
    }

    [Fact]
    public void Partial_derivatives_of_tails_are_those_of_differences()
    {
        foreach (DiscreteCase one in DiscreteCase.Cumulative)
        {
            int last = Math.Min(one.Last - 1, one.First + 40);
            for (int y = one.First; y <= last; y += Math.Max(1, (last - one.First) / 7))
            {
                foreach (LogTail tail in (LogTail[])[one.Cdf!, one.Ccdf!])
                {
                    DiscreteCase.Evaluate(tail, y, one.Parameters, one.Real, out double[] slopes);
                    for (int k = 1; k <= one.Parameters.Length; k++)
                    {
                        if ((one.Real & (1 << k)) == 0) continue;
                        double At(double at) => one.Parameters.With(k - 1, at, p => DiscreteCase.Evaluate(tail, y, p, 0, out _));
                        Differences.Agree($"{one.Name} {tail.Method.Name}({y} | {string.Join(", ", one.Parameters)})", At, one.Parameters[k - 1], slopes[k], 1e-6);
                    }
                }
            }
        }
    }

    /// <summary>A heavy tail far out: P(Y &gt; n) of a Yule–Simon distribution (r = 1, β = 1, counted from 0) is known.</summary>
    [Fact]
    public void A_beta_negative_binomial_with_one_success_is_a_Yule_Simon_counted_from_0()
    {
        foreach (double shape in (double[])[0.7, 2, 5, 12])
        {
            foreach (int n in (int[])[0, 3, 50, 1000])
            {
                double known = DiscreteCase.Evaluate(YuleSimonDistribution.LogCcdf, n + 1, [shape], 2, out double[] slope);
                double value = DiscreteCase.Evaluate(BetaNegBinomialDistribution.LogCcdf, n, [1, shape, 1], 14, out double[] slopes);
                Assert.Equal(known, value, 1e-9 * (1 + Math.Abs(known)));
                Assert.Equal(slope[1], slopes[2], 1e-7 * (1 + Math.Abs(slope[1])));
            }
        }
    }

    private static void Agree(LogTail log, double y, double[] parameters, double expected)
    {
        double value = DiscreteCase.Evaluate(log, y, parameters, 0, out _);
        string name = $"{log.Method.DeclaringType!.Name}.{log.Method.Name}({y} | {string.Join(", ", parameters)})";
        Assert.True(Math.Abs(value - expected) <= 3e-13 * (1 + Math.Abs(expected)), $"{name}: {value:R} instead of {expected:R}");
    }
}
