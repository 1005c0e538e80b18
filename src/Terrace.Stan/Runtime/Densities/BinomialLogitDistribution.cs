using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The binomial distribution by its log odds α. Arguments: n, N, α.</summary>
internal static unsafe class BinomialLogitDistribution
{
    /// <summary>log C(N, n) (a summand of n and N) + n α − N log(1 + e^α), the latter as (n − N [α &gt; 0]) α − N log(1 + e^−|α|) so that nothing cancels; derivative n − N/(1 + e^−α).</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double n = x[0], trials = x[1], a = x[2];
        DiscreteDomain.Count("binomial_logit_lpmf", "number of trials", trials);
        DiscreteDomain.Range("binomial_logit_lpmf", "outcome", n, 0, trials);
        DiscreteDomain.Finite("binomial_logit_lpmf", "log odds", a);
        if ((terms & 7) == 0)
        {
            if ((wanted & 4) != 0) d[2] = 0;
            return 0;
        }
        LogisticCore<double> core = LogisticParts.Of(a);
        if ((wanted & 4) != 0) d[2] = n - (trials * SignSelect.Negative(a, core.Exponential, 1) * core.Larger);
        double value = ((n - SignSelect.Negative(a, 0, trials)) * a) - (trials * core.Log1p);
        return (terms & 3) != 0 ? value + LogFactorial.Choose(trials, n) : value;
    }
}
