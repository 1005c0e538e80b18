using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Bernoulli distribution by its log odds α: P(1) = 1/(1 + e^−α). Arguments: y, α.</summary>
internal static unsafe class BernoulliLogitDistribution
{
    /// <summary>−log(1 + e^−s) with s = α for y = 1 and −α for y = 0; one exponential for value and derivative.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], s = y != 0 ? x[1] : -x[1];
        DiscreteDomain.Binary("bernoulli_logit_lpmf", y);
        DiscreteDomain.Number("bernoulli_logit_lpmf", "log odds", s);
        if ((terms & 3) == 0)
        {
            if ((wanted & 2) != 0) d[1] = 0;
            return 0;
        }
        double e = Math.Exp(-Math.Abs(s));
        if ((wanted & 2) != 0)
        {
            double miss = (s > 0 ? e : 1) / (1 + e);
            d[1] = y != 0 ? miss : -miss;
        }
        return Math.Min(s, 0) - LogisticFunction.Log1p(e);
    }

    /// <summary>1 with probability 1/(1 + e^−α).</summary>
    public static double Draw(double* x, Rng rng)
    {
        DiscreteDomain.Number("bernoulli_logit_rng", "log odds", x[1]);
        return rng.NextDouble() < LogisticFunction.Logistic(x[1]) ? 1 : 0;
    }
}
