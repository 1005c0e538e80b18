using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Bernoulli distribution by its log odds α: P(1) = 1/(1 + e^−α). Arguments: y, α.</summary>
internal static unsafe class BernoulliLogitDistribution
{
    /// <summary>
    /// −log(1 + e^−s), s = (2y − 1) α; derivative (2y − 1)/(1 + e^s). One exponential for both, and no branch on the outcome or the sign of s, which no processor can foresee.
    /// </summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], sign = y + y - 1, s = sign * x[1];
        if (y * (y - 1) != 0) DiscreteDomain.Binary("bernoulli_logit_lpmf", y);
        DiscreteDomain.Number("bernoulli_logit_lpmf", "log odds", s);
        if ((terms & 3) == 0)
        {
            if ((wanted & 2) != 0) d[1] = 0;
            return 0;
        }
        LogisticCore<double> core = LogisticParts.Of(s);
        if ((wanted & 2) != 0) d[1] = sign * SignSelect.Negative(s, 1, core.Exponential) * core.Larger;
        return SignSelect.Negative(s, s, 0) - core.Log1p;
    }

    /// <summary>1 with probability 1/(1 + e^−α).</summary>
    public static double Draw(double* x, Rng rng)
    {
        DiscreteDomain.Number("bernoulli_logit_rng", "log odds", x[1]);
        return rng.NextDouble() < LogisticFunction.Logistic(x[1]) ? 1 : 0;
    }
}
