using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime.Densities;

namespace Terrace.Stan.Tests.Runtime.Discrete;

internal unsafe delegate double LogMass(double* x, double* d, int terms, int wanted);

internal unsafe delegate double LogTail(double* x, double* d, int wanted);

internal unsafe delegate double Drawer(double* x, Rng rng);

/// <summary>A univariate discrete distribution with parameters, for the tests that all of them share.</summary>
/// <param name="Name">What a failure says.</param>
/// <param name="Parameters">Arguments 1, 2, ….</param>
/// <param name="Real">The bits of the real arguments.</param>
/// <param name="First">The smallest count possible.</param>
/// <param name="Last">The largest count possible, or one beyond which nothing to speak of lies.</param>
internal sealed unsafe record DiscreteCase(string Name, double[] Parameters, int Real, int First, int Last, LogMass Log, LogTail? Cdf, LogTail? Ccdf, Drawer? Draw)
{
    public static readonly DiscreteCase[] All =
    [
        Bernoulli(0.3), Bernoulli(0.85), new("bernoulli_logit", [0.7], 2, 0, 1, BernoulliLogitDistribution.Log, null, null, BernoulliLogitDistribution.Draw),
        new("bernoulli_logit", [-2.1], 2, 0, 1, BernoulliLogitDistribution.Log, null, null, BernoulliLogitDistribution.Draw),
        Binomial(10, 0.3), Binomial(60, 0.8), new("binomial_logit", [12, -0.4], 4, 0, 12, BinomialLogitDistribution.Log, null, null, null),
        new("binomial_logit", [7, 1.9], 4, 0, 7, BinomialLogitDistribution.Log, null, null, null),
        Poisson(2.5), Poisson(30), new("poisson_log", [1.2], 2, 0, 60, PoissonLogDistribution.Log, null, null, PoissonLogDistribution.Draw),
        NegBinomial(1.7, 0.8), NegBinomial(0.4, 0.3), NegBinomial(40, 3), NegBinomial2(4.2, 2.5), NegBinomial2(9, 0.5), NegBinomial2(6, 500),
        new("neg_binomial_2_log", [1.1, 2.2], 6, 0, 250, NegBinomial2LogDistribution.Log, null, null, NegBinomial2LogDistribution.Draw),
        new("neg_binomial_2_log", [2.4, 60], 6, 0, 250, NegBinomial2LogDistribution.Log, null, null, NegBinomial2LogDistribution.Draw),
        BetaBinomial(12, 1.3, 2.2), BetaBinomial(50, 0.5, 0.4), BetaBinomial(9, 20, 3), BetaNegBinomial(2, 8.5, 2.2), BetaNegBinomial(0.8, 11, 3),
        new("hypergeometric", [9, 10, 13], 0, 0, 9, HypergeometricDistribution.Log, null, null, HypergeometricDistribution.Draw),
        new("hypergeometric", [30, 25, 12], 0, 18, 25, HypergeometricDistribution.Log, null, null, HypergeometricDistribution.Draw),
        new("discrete_range", [-3, 4], 0, -3, 4, DiscreteRangeDistribution.Log, DiscreteRangeDistribution.LogCdf, DiscreteRangeDistribution.LogCcdf, DiscreteRangeDistribution.Draw),
        new("yule_simon", [6.5], 2, 1, 20000, YuleSimonDistribution.Log, YuleSimonDistribution.LogCdf, YuleSimonDistribution.LogCcdf, YuleSimonDistribution.Draw),
    ];

    /// <summary>The cases that have a cumulative distribution.</summary>
    public static IEnumerable<DiscreteCase> Cumulative => All.Where(one => one.Cdf is not null);

    private static DiscreteCase Bernoulli(double p) =>
        new("bernoulli", [p], 2, 0, 1, BernoulliDistribution.Log, BernoulliDistribution.LogCdf, BernoulliDistribution.LogCcdf, BernoulliDistribution.Draw);

    private static DiscreteCase Binomial(int n, double p) =>
        new("binomial", [n, p], 4, 0, n, BinomialDistribution.Log, BinomialDistribution.LogCdf, BinomialDistribution.LogCcdf, BinomialDistribution.Draw);

    private static DiscreteCase Poisson(double mean) => new("poisson", [mean], 2, 0, 150, PoissonDistribution.Log, PoissonDistribution.LogCdf, PoissonDistribution.LogCcdf, PoissonDistribution.Draw);

    private static DiscreteCase NegBinomial(double a, double b) =>
        new("neg_binomial", [a, b], 6, 0, 300, NegBinomialDistribution.Log, NegBinomialDistribution.LogCdf, NegBinomialDistribution.LogCcdf, NegBinomialDistribution.Draw);

    private static DiscreteCase NegBinomial2(double mean, double phi) =>
        new("neg_binomial_2", [mean, phi], 6, 0, 800, NegBinomial2Distribution.Log, NegBinomial2Distribution.LogCdf, NegBinomial2Distribution.LogCcdf, NegBinomial2Distribution.Draw);

    private static DiscreteCase BetaBinomial(int n, double a, double b) =>
        new("beta_binomial", [n, a, b], 12, 0, n, BetaBinomialDistribution.Log, BetaBinomialDistribution.LogCdf, BetaBinomialDistribution.LogCcdf, BetaBinomialDistribution.Draw);

    private static DiscreteCase BetaNegBinomial(double r, double a, double b) =>
        new("beta_neg_binomial", [r, a, b], 14, 0, 20000, BetaNegBinomialDistribution.Log, BetaNegBinomialDistribution.LogCdf, BetaNegBinomialDistribution.LogCcdf, BetaNegBinomialDistribution.Draw);

    /// <summary>The log mass with all summands.</summary>
    public double LogMassAt(double y) => Evaluate(Log, y, Parameters, -1, 0, out _);

    /// <summary>Calls a log mass on arrays.</summary>
    public static double Evaluate(LogMass log, double y, double[] parameters, int terms, int wanted, out double[] slopes)
    {
        double* x = stackalloc double[6], d = stackalloc double[6];
        Fill(x, d, y, parameters);
        double value = log(x, d, terms, wanted);
        slopes = [.. new Span<double>(d, parameters.Length + 1)];
        return value;
    }

    /// <summary>Calls a log tail on arrays.</summary>
    public static double Evaluate(LogTail log, double y, double[] parameters, int wanted, out double[] slopes)
    {
        double* x = stackalloc double[6], d = stackalloc double[6];
        Fill(x, d, y, parameters);
        double value = log(x, d, wanted);
        slopes = [.. new Span<double>(d, parameters.Length + 1)];
        return value;
    }

    /// <summary>Draws from the distribution.</summary>
    public double DrawFrom(Rng rng)
    {
        double* x = stackalloc double[6], d = stackalloc double[6];
        Fill(x, d, double.NaN, Parameters);
        return Draw!(x, rng);
    }

    private static void Fill(double* x, double* d, double y, double[] parameters)
    {
        x[0] = y;
        for (int k = 0; k < parameters.Length; k++) x[k + 1] = parameters[k];
        for (int k = 0; k < 6; k++) d[k] = double.NaN;
    }
}
