using Terrace.Numerics.Distributions;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Numerics.RandomNumbers;

/// <summary>
/// A stream of random numbers: the same seed and stream give the same numbers everywhere, streams are independent, and a stream can be left and resumed.
/// <para>Formula: word i of stream s under seed k is half of the Philox4x32-10 block at counter (i / 2, s) with key k; variates follow by the methods named at each.</para>
/// <para>Sources: Salmon et al. (2011); Wichura (1988) AS 241; Marsaglia and Tsang (2000); Hörmann (1993); Lemire (2019). Tests: RngTests, VariateTests.</para>
/// <para>Not safe for use by two threads at once: give each task its own stream.</para>
/// </summary>
public sealed class Rng
{
    private readonly ulong _seed;
    private readonly ulong _stream;
    private ulong _position;
    private ulong _next;

    /// <summary>The stream <paramref name="stream"/> of the generator with key <paramref name="seed"/>, at its beginning.</summary>
    public Rng(ulong seed, ulong stream)
    {
        _seed = seed;
        _stream = stream;
    }

    /// <summary>Goes on where <paramref name="state"/> was taken.</summary>
    public Rng(RngState state) : this(state.Seed, state.Stream)
    {
        _position = state.Position;
        if ((_position & 1) == 1) _next = Philox.Block(_position >> 1, _stream, _seed).High;
    }

    /// <summary>Where the stream stands now.</summary>
    public RngState State => new(_seed, _stream, _position);

    /// <summary>Goes back to a state of this stream, to make the same numbers again.</summary>
    internal void Restore(RngState state)
    {
        _position = state.Position;
        if ((_position & 1) == 1) _next = Philox.Block(_position >> 1, _stream, _seed).High;
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        if ((_position & 1) == 1)
        {
            _position++;
            return _next;
        }

        (ulong low, _next) = Philox.Block(_position >> 1, _stream, _seed);
        _position++;
        return low;
    }

    /// <summary>Uniform on the open interval (0, 1): the midpoints of 2^52 equal parts.</summary>
    public double NextDouble() => ((NextUInt64() >> 12) + 0.5) * (1.0 / (1UL << 52));

    /// <summary>Standard normal, by inversion (one uniform each).</summary>
    public double NextNormal() => Normal.Quantile(NextDouble());

    /// <summary>Standard exponential (mean 1), by inversion.</summary>
    public double NextExponential() => -Math.Log(NextDouble());

    /// <summary>Uniform on 0 … <paramref name="n"/> - 1 without bias, by Lemire's multiplication with rejection.</summary>
    public int NextInt(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        ulong bound = (ulong)n;
        ulong threshold = unchecked(0UL - bound) % bound;
        while (true)
        {
            ulong high = Math.BigMul(NextUInt64(), bound, out ulong low);
            if (low >= threshold) return (int)high;
        }
    }

    /// <summary>Gamma with the given shape and rate 1, by Marsaglia and Tsang's squeeze; shapes below 1 by G(a + 1) U^(1/a).</summary>
    public double NextGamma(double shape)
    {
        if (!(shape > 0) || double.IsInfinity(shape)) throw new ArgumentOutOfRangeException(nameof(shape), shape, "A gamma shape is positive and finite.");
        if (shape < 1) return NextGamma(shape + 1) * Math.Exp(-NextExponential() / shape);
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = NextNormal(), v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            double u = NextDouble();
            if (Math.Log(u) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return d * v;
        }
    }

    /// <summary>Student's t with <paramref name="df"/> degrees of freedom: a normal over the root of an independent chi-squared by its df.</summary>
    public double NextStudentT(double df) => double.IsPositiveInfinity(df) ? NextNormal() : NextNormal() * Math.Sqrt(df / (2 * NextGamma(df / 2)));

    /// <summary>Poisson with the given mean: by counting exponentials below a mean of 10, else by transformed rejection (Hörmann's PTRS).</summary>
    public long NextPoisson(double mean)
    {
        if (!(mean >= 0) || mean > 1e15) throw new ArgumentOutOfRangeException(nameof(mean), mean, "A Poisson mean lies in 0 ... 1e15.");
        return mean < 10 ? CountExponentials(mean) : PoissonRejection(mean);
    }

    /// <summary>Binomial of <paramref name="n"/> trials with probability <paramref name="p"/>: by inversion while n min(p, 1 - p) &lt; 10, else by Hörmann's BTRS.</summary>
    public int NextBinomial(int n, double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        if (!(p >= 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies in 0 ... 1.");
        if (p > 0.5) return n - NextBinomial(n, 1 - p);
        if (n == 0 || p == 0) return 0;
        return n * p < 10 ? BinomialInversion(n, p) : BinomialRejection(n, p);
    }

    private long CountExponentials(double mean)
    {
        long count = 0;
        for (double time = NextExponential(); time < mean; time += NextExponential()) count++;
        return count;
    }

    private long PoissonRejection(double mean)
    {
        double b = 0.931 + 2.53 * Math.Sqrt(mean), a = -0.059 + 0.02483 * b;
        double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4), limit = 0.9277 - 3.6224 / (b - 2);
        while (true)
        {
            double u = NextDouble() - 0.5, v = NextDouble(), us = 0.5 - Math.Abs(u);
            double k = Math.Floor((2 * a / us + b) * u + mean + 0.43);
            if (us >= 0.07 && v <= limit) return (long)k;
            if (k < 0 || (us < 0.013 && v > us)) continue;
            if (Math.Log(v * inverseAlpha / (a / (us * us) + b)) <= Poisson.LogDensity(k, mean)) return (long)k;
        }
    }

    private int BinomialInversion(int n, double p)
    {
        double odds = p / (1 - p);
        while (true)
        {
            double u = NextDouble(), term = Math.Exp(n * LogisticFunction.Log1p(-p));
            for (int k = 0; k <= n; k++)
            {
                if (u < term) return k;
                u -= term;
                term *= odds * (n - k) / (k + 1);
                if (term == 0) break;
            }
        }
    }

    private int BinomialRejection(int n, double p)
    {
        double sd = Math.Sqrt(n * p * (1 - p)), b = 1.15 + 2.53 * sd, a = -0.0873 + 0.0248 * b + 0.01 * p;
        double c = n * p + 0.5, limit = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * sd;
        double mode = Math.Floor((n + 1) * p), peak = Binomial.LogDensity(mode, n, p);
        while (true)
        {
            double u = NextDouble() - 0.5, v = NextDouble(), us = 0.5 - Math.Abs(u);
            double k = Math.Floor((2 * a / us + b) * u + c);
            if (k < 0 || k > n) continue;
            if (us >= 0.07 && v <= limit) return (int)k;
            if (Math.Log(v * alpha / (a / (us * us) + b)) <= Binomial.LogDensity(k, n, p) - peak) return (int)k;
        }
    }
}
