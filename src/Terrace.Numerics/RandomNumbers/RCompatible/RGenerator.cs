using Terrace.Numerics.Distributions;

namespace Terrace.Numerics.RandomNumbers.RCompatible;

/// <summary>
/// R's random numbers bit for bit: what R (3.6 and later) gives after <c>set.seed(seed)</c> with its default kinds, Mersenne Twister, inversion and rejection.
/// <para>Formula: normals are the quantile of a uniform with 27 + 32 bits; whole numbers below n take ceil(log2 n) bits in groups of 16 and reject those too large;
/// exponentials by algorithm SA.</para>
/// <para>Sources: R's help pages "Random", "sample", "rbinom" and the papers named there: Matsumoto and Nishimura (1998), Wichura (1988) AS 241,
/// Ahrens and Dieter (1972) SA, Walker (1977), Kachitvichyanukul and Schmeiser (1988) BTPE. Tests: RGeneratorTests (against R).</para>
/// <para>For repeating R's results only; models use <see cref="Rng"/>.</para>
/// </summary>
public sealed class RGenerator
{
    private const double NormalBits = 134217728;
    private readonly MersenneTwister _twister;
    private readonly RBinomial _binomial;

    /// <summary>The state of R after <c>set.seed(seed)</c>.</summary>
    public RGenerator(int seed)
    {
        _twister = new MersenneTwister(seed);
        _binomial = new RBinomial(_twister);
    }

    /// <summary>The partial sums of log(2)^k / k!, k = 1, 2, ..., the fourth with the digits that R uses (it differs in the fifth place).</summary>
    private static ReadOnlySpan<double> ExponentialSums =>
    [
        0.6931471805599453, 0.9333736875190459, 0.9888777961838676, 0.9984589039328340, 0.9998292811061389, 0.9999833164100727, 0.9999985691438767,
        0.9999998906925558, 0.9999999924734159, 0.9999999995283275, 0.9999999999728814, 0.9999999999985598, 0.9999999999999289, 0.9999999999999968,
        0.9999999999999999, 1.0,
    ];

    /// <summary>One uniform on (0, 1).</summary>
    public double NextUniform() => _twister.NextUniform();

    /// <summary>One standard normal, as <c>rnorm(1)</c>.</summary>
    public double NextNormal()
    {
        double high = (int)(NormalBits * NextUniform());
        return Normal.Quantile((high + NextUniform()) / NormalBits);
    }

    /// <summary>One standard exponential, as <c>rexp(1)</c>.</summary>
    public double NextExponential()
    {
        double whole = 0, u = NextUniform() * 2;
        for (; u <= 1; u += u) whole += ExponentialSums[0];
        u -= 1;
        if (u <= ExponentialSums[0]) return whole + u;
        double smallest = NextUniform();
        int i = 0;
        do
        {
            smallest = Math.Min(smallest, NextUniform());
            i++;
        }
        while (u > ExponentialSums[i]);
        return whole + smallest * ExponentialSums[0];
    }

    /// <summary>One binomial count, as <c>rbinom(1, size, prob)</c>.</summary>
    public int NextBinomial(int size, double prob) => _binomial.Next(size, prob);

    /// <summary>A whole number on 0 … <paramref name="n"/> - 1, as <c>sample</c> draws it.</summary>
    public long NextIndex(long n) => _twister.NextIndex(n);

    /// <summary><c>runif(count, min, max)</c>.</summary>
    public double[] Uniform(int count, double min = 0, double max = 1) => Repeat(count, () => min + (max - min) * NextUniform());

    /// <summary><c>rnorm(count, mean, sd)</c>.</summary>
    public double[] NormalValues(int count, double mean = 0, double sd = 1) => Repeat(count, () => mean + sd * NextNormal());

    /// <summary><c>rexp(count, rate)</c>.</summary>
    public double[] Exponential(int count, double rate = 1) => Repeat(count, () => 1 / rate * NextExponential());

    /// <summary><c>rbinom(count, size, prob)</c>, the sizes and probabilities used in turn.</summary>
    public int[] BinomialValues(int count, ReadOnlySpan<int> size, ReadOnlySpan<double> prob)
    {
        var values = new int[count];
        for (int i = 0; i < count; i++) values[i] = NextBinomial(size[i % size.Length], prob[i % prob.Length]);
        return values;
    }

    /// <summary><c>sample(n)</c>: the numbers 1 … <paramref name="n"/> in random order.</summary>
    public int[] Sample(int n) => Sample(n, n, false);

    /// <summary><c>sample.int(n, size, replace)</c>: <paramref name="size"/> of the numbers 1 … <paramref name="n"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More are wanted than there are, without replacement.</exception>
    public int[] Sample(int n, int size, bool replace)
    {
        if (replace) return Repeat(size, () => (int)NextIndex(n) + 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, n);
        return n > 10_000_000 && size <= n / 2 ? SampleRejecting(n, size) : SampleShuffling(n, size);
    }

    /// <summary><c>sample.int(n, size, replace, prob)</c> with n = length of <paramref name="prob"/> (weights of any sum): numbers from 1.</summary>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or too few are positive.</exception>
    public int[] Sample(int size, bool replace, ReadOnlySpan<double> prob) => new WeightedSampling(_twister, prob, replace ? 1 : size).Draw(size, replace);

    private int[] SampleShuffling(int n, int size)
    {
        int[] left = [.. Enumerable.Range(1, n)];
        var drawn = new int[size];
        for (int i = 0; i < size; i++)
        {
            int j = (int)NextIndex(n);
            drawn[i] = left[j];
            left[j] = left[--n];
        }

        return drawn;
    }

    private int[] SampleRejecting(int n, int size)
    {
        var seen = new HashSet<int>();
        return Repeat(size, () =>
        {
            int value = (int)NextIndex(n) + 1;
            while (!seen.Add(value)) value = (int)NextIndex(n) + 1;
            return value;
        });
    }

    private static T[] Repeat<T>(int count, Func<T> draw)
    {
        var values = new T[count];
        for (int i = 0; i < count; i++) values[i] = draw();
        return values;
    }
}
