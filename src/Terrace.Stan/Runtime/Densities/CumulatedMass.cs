using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>How the masses of neighbouring counts relate, for sums of them.</summary>
internal unsafe interface IMassRatio
{
    /// <summary>p(k + 1)/p(k), and the derivatives of its logarithm by the arguments, at their places in <paramref name="slopes"/>.</summary>
    double Up(double k, double* slopes);

    /// <summary>About Σ p(j) over j &gt; k when p(k) is <paramref name="mass"/>: what an upward sum that stops at k leaves out.</summary>
    double Beyond(double k, double mass);
}

/// <summary>
/// Logarithms of cumulative probabilities of counts with all derivatives, by summing masses from the count outwards: the derivatives by a shape have no closed form.
/// <para>Formula: P(Y ≤ n) = Σ p(k) and its derivative Σ p(k) s(k), s(k) the derivative of log p(k), over k = n, n − 1, … (or n + 1, n + 2, … for the complement); p and s go from
/// one k to the next by <see cref="IMassRatio.Up"/>. The sum is taken on the side asked for or, when that is the heavy one, on the other.</para>
/// <para>Cost: some standard deviations' worth of terms. Accuracy: 1e-10 relative. Tests: DiscreteCumulativeTests.</para>
/// </summary>
internal static unsafe class CumulatedMass
{
    /// <summary>The most arguments of a distribution.</summary>
    public const int MostArguments = 6;

    private const double Negligible = 1e-18, Remainder = 1e-12;
    private const int MaximumTerms = 100_000_000;

    /// <summary>log P(Y ≤ n) or, if <paramref name="upper"/>, log P(Y &gt; n), n = x[0] inside the support.</summary>
    /// <param name="logMass">The distribution's log mass in the layout of arguments of x.</param>
    /// <param name="ratio">The ratio of its masses.</param>
    /// <param name="x">The arguments.</param>
    /// <param name="d">Receives the derivatives at the bits of <paramref name="wanted"/>.</param>
    /// <param name="wanted">The arguments whose derivatives are wanted.</param>
    /// <param name="arguments">The number of arguments.</param>
    /// <param name="first">The smallest count possible.</param>
    /// <param name="last">The largest count possible, or infinity.</param>
    /// <param name="sumBelow">Whether the lower side is the one to sum.</param>
    /// <param name="upper">Whether the upper tail is asked for.</param>
    public static double Log<R>(
        delegate*<double*, double*, int, int, double> logMass, R ratio, double* x, double* d, int wanted, int arguments, double first, double last, bool sumBelow, bool upper)
        where R : struct, IMassRatio
    {
        double* at = stackalloc double[MostArguments], scores = stackalloc double[MostArguments], total = stackalloc double[MostArguments];
        for (int k = 0; k < arguments; k++)
        {
            at[k] = x[k];
            scores[k] = total[k] = 0;
        }
        if (!sumBelow) at[0]++;
        double start = logMass(at, scores, -1, wanted);
        double sum = sumBelow ? Down(ratio, at[0], first, scores, total, arguments) : Up(ratio, at[0], last, scores, total, arguments);
        double side = start + Math.Log(sum);
        if (sumBelow != upper)
        {
            for (int k = 0; k < arguments; k++)
                if ((wanted & (1 << k)) != 0) d[k] = total[k] / sum;
            return Math.Min(side, 0);
        }
        double other = side >= 0 ? double.NegativeInfinity : LogisticFunction.Log1mExp(-side), odds = double.IsInfinity(other) ? 0 : Math.Exp(side - other);
        for (int k = 0; k < arguments; k++)
            if ((wanted & (1 << k)) != 0) d[k] = -odds * total[k] / sum;
        return other;
    }

    /// <summary>log of a probability, given it and its complement, each accurate where small.</summary>
    public static double LogOf(double tail, double other) => tail < 0.5 ? Math.Log(tail) : LogisticFunction.Log1p(-other);

    private static double Down<R>(R ratio, double k, double first, double* scores, double* total, int arguments) where R : struct, IMassRatio
    {
        double* slopes = stackalloc double[MostArguments];
        double mass = 1, sum = 1;
        Clear(slopes);
        for (int a = 0; a < arguments; a++) total[a] = scores[a];
        for (k--; k >= first; k--)
        {
            mass /= ratio.Up(k, slopes);
            sum += mass;
            for (int a = 0; a < arguments; a++) total[a] += mass * (scores[a] -= slopes[a]);
            if (mass * (k - first) < Negligible * sum) break;
        }
        return sum;
    }

    private static double Up<R>(R ratio, double k, double last, double* scores, double* total, int arguments) where R : struct, IMassRatio
    {
        double* slopes = stackalloc double[MostArguments];
        double mass = 1, sum = 1;
        Clear(slopes);
        for (int a = 0; a < arguments; a++) total[a] = scores[a];
        for (int n = 0; k < last && n < MaximumTerms; n++, k++)
        {
            double up = ratio.Up(k, slopes);
            mass *= up;
            sum += mass;
            for (int a = 0; a < arguments; a++) total[a] += mass * (scores[a] += slopes[a]);
            if (up >= 1) continue;
            double rest = ratio.Beyond(k + 1, mass);
            if (rest > Remainder * sum) continue;
            for (int a = 0; a < arguments; a++) total[a] += rest * scores[a];
            return sum + rest;
        }
        return sum;
    }

    private static void Clear(double* slopes)
    {
        for (int a = 0; a < MostArguments; a++) slopes[a] = 0;
    }
}
