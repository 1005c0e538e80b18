using MathNet.Numerics.Integration;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime;
using Terrace.Stan.Tests.Runtime.Scalars;

namespace Terrace.Stan.Tests.Runtime.Densities;

/// <summary>Every distribution of the table of continuous distributions: densities and tails against high precision, partials against differences, dropped terms, draws, and what is refused.</summary>
public sealed class ContinuousDistributionTests
{
    private static readonly string[] Functions = ["Log", "LogCdf", "LogCcdf"];

    public static TheoryData<string> Names => [.. ScalarTests.SignatureLines("continuous")];

    /// <summary>The tolerance is relative for tails below e⁻¹ and above, where log F is near 0, to the probability that is missing; of 10⁻¹², or where a sum of large terms is left, of these.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Log_density_and_log_tails_have_their_high_precision_values(string name)
    {
        var distribution = new ContinuousDistribution(name);
        foreach ((double[] x, double[] expected) in DistributionValues.All[name])
        {
            for (int k = 0; k < 3; k++)
            {
                double found = distribution.Value(Functions[k], x, out _), tolerance = 2e-13 * (k == 0 ? Math.Max(1, Math.Abs(expected[k])) * 5 : Math.Max(Math.Abs(expected[k]), 1e-3));
                Assert.True(Math.Abs(found - expected[k]) <= tolerance, $"{name}.{Functions[k]}({string.Join(", ", x)}) is {found:R}, expected {expected[k]:R}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Log_density_and_log_tails_have_the_partials_of_differences(string name)
    {
        var distribution = new ContinuousDistribution(name);
        foreach ((double[] x, double[] _) in DistributionValues.All[name])
        {
            foreach (string function in Functions)
            {
                distribution.Value(function, x, out double[] partials);
                for (int k = 0; k < x.Length; k++)
                {
                    string? disagreement = Differences.Disagreement(t => Attempt(distribution, function, [.. x.Select((v, i) => i == k ? t : v)]), x[k], partials[k]);
                    Assert.True(disagreement is null, $"{name}.{function}({string.Join(", ", x)}), argument {k}: {disagreement}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_integral_of_the_density_between_outcomes_is_the_difference_of_the_cdf(string name)
    {
        var distribution = new ContinuousDistribution(name);
        foreach (IGrouping<string, double[]> group in DistributionValues.All[name].Select(entry => entry.Arguments).GroupBy(x => string.Join(" ", x.Skip(1))))
        {
            double[][] points = [.. group.OrderBy(x => x[0])];
            for (int i = 1; i < points.Length; i++)
            {
                double low = points[i - 1][0], high = points[i][0], sum = 0;
                int panels = 400;
                for (int p = 0; p < panels; p++)
                    sum += GaussLegendreRule.Integrate(y => Math.Exp(distribution.Log([y, .. points[i][1..]], -1, out _)), low + ((high - low) * p / panels), low + ((high - low) * (p + 1) / panels), 20);
                double difference = Math.Exp(distribution.Tail("LogCdf", points[i], out _)) - Math.Exp(distribution.Tail("LogCdf", points[i - 1], out _));
                Assert.Equal(difference, sum, name.EndsWith("double_exponential", StringComparison.Ordinal) ? 1e-6 : 1e-8);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_dropped_does_not_depend_on_the_arguments_that_vary(string name)
    {
        var distribution = new ContinuousDistribution(name);
        double[][] points = [.. DistributionValues.All[name].Select(entry => entry.Arguments)];
        int n = points[0].Length;
        double[] start = points[1];
        Assert.Equal(0, distribution.Log(start, 0, out _));
        for (int terms = 1; terms < 1 << n; terms++)
        {
            double Dropped(double[] x) => distribution.Log(x, -1, out _) - distribution.Log(x, terms, out _);
            double reference = Dropped(start);
            foreach (double factor in (double[])[1.01, 1.02])
            {
                double[] moved = [.. start.Select((x, k) => ((terms >> k) & 1) == 1 ? x * factor : x)];
                Assert.Equal(reference, Dropped(moved), 1e-10 * Math.Max(1, Math.Abs(distribution.Log(start, -1, out _))));
            }
            if ((terms & (terms + 1)) != 0 || terms == (1 << n) - 1) continue;
            distribution.Log(start, terms, out double[] some);
            distribution.Log(start, -1, out double[] all);
            Assert.Equal(all, some);
        }
    }

    /// <summary>Kolmogorov and Smirnov's test of 20,000 draws with a fixed seed; the bound √(−½ log(α/2)/n) is exceeded by a right sampler with probability α = 10⁻⁶.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Draws_follow_the_cdf(string name)
    {
        const int n = 20_000;
        var distribution = new ContinuousDistribution(name);
        foreach (double[] parameters in DistributionValues.All[name].Select(entry => entry.Arguments).DistinctBy(x => string.Join(" ", x.Skip(1))))
        {
            var rng = new Rng(20_240, 1);
            double[] u = new double[n];
            for (int i = 0; i < n; i++)
            {
                double y = distribution.Draw(parameters, rng);
                if (name == "von_mises") y = Math.IEEERemainder(y, 2 * Math.PI);
                u[i] = Math.Exp(distribution.Tail("LogCdf", [y, .. parameters[1..]], out _));
            }
            Array.Sort(u);
            double largest = Enumerable.Range(0, n).Max(i => Math.Max(u[i] - ((double)i / n), ((i + 1.0) / n) - u[i]));
            Assert.True(largest <= Math.Sqrt(-0.5 * Math.Log(0.5e-6) / n), $"{name}({string.Join(", ", parameters.Skip(1))}): distance {largest}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_argument_that_is_not_a_number_is_refused_by_its_name(string name)
    {
        var distribution = new ContinuousDistribution(name);
        double[] x = DistributionValues.All[name][0].Arguments;
        for (int k = 0; k < x.Length; k++)
        {
            double[] wrong = [.. x];
            wrong[k] = double.NaN;
            foreach ((string suffix, Action call) in new (string, Action)[]
            {
                ("lpdf", () => distribution.Log(wrong, -1, out _)), ("lcdf", () => distribution.Tail("LogCdf", wrong, out _)), ("lccdf", () => distribution.Tail("LogCcdf", wrong, out _)),
                ("rng", () => distribution.Draw(wrong, new Rng(1, 1))),
            })
            {
                if (suffix == "rng" && k == 0) continue;
                StanFaultException fault = Assert.Throws<StanFaultException>(call);
                Assert.Equal(StanFaultKind.Rejection, fault.Kind);
                Assert.StartsWith($"{name}_{suffix}: ", fault.Message, StringComparison.Ordinal);
                Assert.Contains(" is NaN, but must be ", fault.Message, StringComparison.Ordinal);
            }
        }
    }

    private static double Attempt(ContinuousDistribution distribution, string function, double[] x)
    {
        try
        {
            double value = distribution.Value(function, x, out _);
            return double.IsFinite(value) ? value : double.NaN;
        }
        catch (StanFaultException)
        {
            return double.NaN;
        }
    }
}
