using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;

namespace Terrace.Stan.Tests.Runtime.Discrete;

public sealed unsafe class DiscreteMassTests
{
    /// <summary>Values of exact rational arithmetic, rounded.</summary>
    [Fact]
    public void Masses_are_those_of_exact_arithmetic()
    {
        Agree(BinomialDistribution.Log, 3, [10, 0.3], -1.3211512777668886360);
        Agree(BinomialDistribution.Log, 1200, [10000, 0.1234], -4.9387399094360591794, 1e-10);
        Agree(BinomialLogitDistribution.Log, 3, [10, Math.Log(0.3 / 0.7)], -1.3211512777668886360);
        Agree(PoissonDistribution.Log, 4, [2.5], -2.0128909028513253589);
        Agree(PoissonLogDistribution.Log, 4, [Math.Log(2.5)], -2.0128909028513253589);
        Agree(NegBinomialDistribution.Log, 4, [1.7, 0.8], -2.5280065050855351016);
        Agree(NegBinomial2Distribution.Log, 7, [4.2, 2.5], -2.8542138048011625297);
        Agree(NegBinomial2Distribution.Log, 40, [4.2, 2.5], -15.850714145426607892);
        Agree(NegBinomial2Distribution.Log, 300, [310, 1e8], -3.9341617013096953958, 1e-10);
        Agree(NegBinomial2LogDistribution.Log, 7, [Math.Log(4.2), 2.5], -2.8542138048011625297);
        Agree(NegBinomial2LogDistribution.Log, 300, [Math.Log(310), 1e8], -3.9341617013096953958, 1e-10);
        Agree(HypergeometricDistribution.Log, 4, [9, 10, 13], -1.1064501666306271157);
        Agree(HypergeometricDistribution.Log, 400, [1500, 1000, 3000], -5.2790919474744278885, 1e-10);
        Agree(BetaBinomialDistribution.Log, 5, [12, 1.3, 2.2], -2.3077460044315727913);
        Agree(BetaNegBinomialDistribution.Log, 6, [2, 3.1, 2.2], -3.7866657270275410639);
        Agree(YuleSimonDistribution.Log, 4, [1.7], -3.2672255559267541237);
    }

    [Fact]
    public void Masses_sum_to_1()
    {
        foreach (DiscreteCase one in DiscreteCase.All)
        {
            double sum = 0;
            for (int y = one.First; y <= one.Last; y++) sum += Math.Exp(one.LogMassAt(y));
            Assert.True(Math.Abs(sum - 1) < 1e-10, $"{one.Name} {string.Join(", ", one.Parameters)}: {sum:R}");
        }
    }

    [Fact]
    public void Partial_derivatives_of_masses_are_those_of_differences()
    {
        foreach (DiscreteCase one in DiscreteCase.All)
        {
            int step = Math.Max(1, Math.Min(40, one.Last - one.First) / 8);
            for (int y = one.First; y <= Math.Min(one.Last, one.First + 40); y += step)
            {
                DiscreteCase.Evaluate(one.Log, y, one.Parameters, -1, one.Real, out double[] slopes);
                for (int k = 1; k <= one.Parameters.Length; k++)
                {
                    if ((one.Real & (1 << k)) == 0) continue;
                    double At(double at) => one.Parameters.With(k - 1, at, p => DiscreteCase.Evaluate(one.Log, y, p, -1, 0, out _));
                    Differences.Agree($"{one.Name}({y} | {string.Join(", ", one.Parameters)})", At, one.Parameters[k - 1], slopes[k], 2e-7);
                }
            }
        }
    }

    /// <summary>What a mask of terms drops must not depend on an argument in the mask; nothing may be left of mask 0, and partials must not depend on it.</summary>
    [Fact]
    public void Dropped_summands_depend_on_dropped_arguments_only()
    {
        foreach (DiscreteCase one in DiscreteCase.All.Where(one => one.Parameters.Length <= 3))
        {
            int y = one.First + ((Math.Min(one.Last, one.First + 10) - one.First) / 2), arguments = one.Parameters.Length + 1;
            Assert.Equal(0, DiscreteCase.Evaluate(one.Log, y, one.Parameters, 0, 0, out _));
            for (int terms = 1; terms < 1 << arguments; terms++)
            {
                double Dropped(double[] p) => DiscreteCase.Evaluate(one.Log, y, p, -1, 0, out _) - DiscreteCase.Evaluate(one.Log, y, p, terms, 0, out _);
                double dropped = Dropped(one.Parameters);
                for (int k = 1; k < arguments; k++)
                    if ((terms & one.Real & (1 << k)) != 0) Assert.Equal(dropped, one.Parameters.With(k - 1, one.Parameters[k - 1] * 1.05, Dropped), 1e-11);
            }
            for (int k = 1; k < arguments; k++)
            {
                if ((one.Real & (1 << k)) == 0) continue;
                DiscreteCase.Evaluate(one.Log, y, one.Parameters, 1 << k, 1 << k, out double[] alone);
                DiscreteCase.Evaluate(one.Log, y, one.Parameters, -1, one.Real, out double[] all);
                Assert.Equal(all[k], alone[k], 1e-14);
            }
        }
    }

    [Fact]
    public void Constants_of_counts_are_dropped_when_counts_are_data()
    {
        Assert.Equal(4 * Math.Log(2.5) - 2.5, DiscreteCase.Evaluate(PoissonDistribution.Log, 4, [2.5], 2, 2, out _), 1e-14);
        Assert.Equal(3 * Math.Log(0.3) + 7 * Math.Log(0.7), DiscreteCase.Evaluate(BinomialDistribution.Log, 3, [10, 0.3], 4, 4, out _), 1e-14);
        Assert.Equal(4 * 1.5 - Math.Exp(1.5), DiscreteCase.Evaluate(PoissonLogDistribution.Log, 4, [1.5], 2, 2, out _), 1e-14);
    }

    [Fact]
    public void Log_odds_far_out_lose_nothing()
    {
        Agree(BernoulliLogitDistribution.Log, 1, [-800], -800);
        Agree(BernoulliLogitDistribution.Log, 0, [-800], 0);
        Agree(BernoulliLogitDistribution.Log, 1, [40], -4.2483542552915889e-18, 1e-30);
        Agree(BinomialLogitDistribution.Log, 5, [5, 40], -5 * 4.2483542552915889e-18, 1e-30);
        Agree(BinomialDistribution.Log, 0, [5, 0], 0);
        Agree(BinomialDistribution.Log, 5, [5, 1], 0);
        Agree(BinomialDistribution.Log, 4, [5, 1], double.NegativeInfinity);
        Agree(BernoulliDistribution.Log, 0, [1], double.NegativeInfinity);
        Agree(BernoulliDistribution.Log, 0, [0], 0);
        Agree(PoissonDistribution.Log, 0, [0], 0);
        Agree(PoissonDistribution.Log, 1, [0], double.NegativeInfinity);
        Agree(BetaBinomialDistribution.Log, 6, [5, 1, 1], double.NegativeInfinity);
        Agree(DiscreteRangeDistribution.Log, 6, [1, 5], double.NegativeInfinity);
    }

    [Fact]
    public void Arguments_out_of_domain_are_refused_by_name()
    {
        Refused(BernoulliDistribution.Log, 2, [0.5], "bernoulli_lpmf: outcome is 2, but must be 0 or 1");
        Refused(BernoulliDistribution.Log, 1, [1.5], "bernoulli_lpmf: chance of success is 1.5, but must be in the interval [0, 1]");
        Refused(BernoulliLogitDistribution.Log, 1, [double.NaN], "bernoulli_logit_lpmf: log odds is NaN, but must be a number");
        Refused(BinomialDistribution.Log, 6, [5, 0.5], "binomial_lpmf: outcome is 6, but must be in the range from 0 to 5");
        Refused(BinomialLogitDistribution.Log, 1, [-1, 0.5], "binomial_logit_lpmf: number of trials is -1, but must be nonnegative");
        Refused(PoissonDistribution.Log, 1, [-1], "poisson_lpmf: rate is -1, but must be nonnegative");
        Refused(PoissonLogDistribution.Log, -1, [1], "poisson_log_lpmf: outcome is -1, but must be nonnegative");
        Refused(NegBinomialDistribution.Log, 1, [0, 1], "neg_binomial_lpmf: shape is 0, but must be positive and finite");
        Refused(NegBinomial2Distribution.Log, 1, [1, double.PositiveInfinity], "neg_binomial_2_lpmf: precision is Infinity, but must be positive and finite");
        Refused(NegBinomial2LogDistribution.Log, 1, [double.NaN, 1], "neg_binomial_2_log_lpmf: log location is NaN, but must be finite");
        Refused(BetaBinomialDistribution.Log, 1, [3, 0, 1], "beta_binomial_lpmf: prior success count is 0, but must be positive and finite");
        Refused(BetaNegBinomialDistribution.Log, 1, [3, 1, -1], "beta_neg_binomial_lpmf: prior failure count is -1, but must be positive and finite");
        Refused(HypergeometricDistribution.Log, 5, [4, 10, 10], "hypergeometric_lpmf: outcome is 5, but must be in the range from 0 to 4");
        Refused(DiscreteRangeDistribution.Log, 5, [4, 3], "discrete_range_lpmf: upper bound is 3, but must be at least the lower bound 4");
        Refused(YuleSimonDistribution.Log, 0, [1], "yule_simon_lpmf: outcome is 0, but must be at least 1");
    }

    private static void Agree(LogMass log, double y, double[] parameters, double expected, double tolerance = 2e-14)
    {
        double value = DiscreteCase.Evaluate(log, y, parameters, -1, 0, out _);
        bool agree = value == expected || Math.Abs(value - expected) <= tolerance * (tolerance < 1e-20 ? 1 : 1 + Math.Abs(expected));
        Assert.True(agree, $"{log.Method.DeclaringType!.Name}({y} | {string.Join(", ", parameters)}): {value:R} instead of {expected:R}");
    }

    private static void Refused(LogMass log, double y, double[] parameters, string message)
    {
        StanFaultException fault = Assert.Throws<StanFaultException>(() => DiscreteCase.Evaluate(log, y, parameters, -1, 0, out _));
        Assert.Equal(StanFaultKind.Rejection, fault.Kind);
        Assert.Equal(message, fault.Message);
    }
}
