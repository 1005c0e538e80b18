namespace Terrace.Numerics.RandomNumbers.RCompatible;

/// <summary>
/// Draws numbers with unequal probabilities in the order in which R's <c>sample</c> draws them.
/// <para>Formula: with replacement, the first class in order of falling probability whose cumulated probability reaches a uniform, or Walker's alias table
/// when more than 200 classes have n p over 0.1; without, the same search with the mass of drawn classes taken out.</para>
/// <para>Source: Walker (1977), An efficient method for generating discrete random variables; Williams (1964) for heapsort, whose order of ties is R's; R's help page
/// "sample". Tests: RGeneratorTests.</para>
/// </summary>
internal sealed class WeightedSampling
{
    private const int WalkerClasses = 200;
    private readonly MersenneTwister _twister;
    private readonly double[] _p;
    private readonly int[] _label;

    public WeightedSampling(MersenneTwister twister, ReadOnlySpan<double> weights, int needed)
    {
        _twister = twister;
        _p = weights.ToArray();
        _label = [.. Enumerable.Range(1, _p.Length)];
        int positive = 0;
        double sum = 0;
        foreach (double w in _p)
        {
            if (!(w >= 0) || double.IsInfinity(w)) throw new ArgumentException($"A probability is {w}.", nameof(weights));
            if (w > 0) positive++;
            sum += w;
        }

        if (positive < needed || positive == 0) throw new ArgumentException("Too few probabilities are positive.", nameof(weights));
        for (int i = 0; i < _p.Length; i++) _p[i] /= sum;
    }

    public int[] Draw(int size, bool replace)
    {
        int n = _p.Length;
        if (replace && _p.Count(p => n * p > 0.1) > WalkerClasses) return Walker(size);
        SortDecreasing();
        return replace ? WithReplacement(size) : WithoutReplacement(size);
    }

    private int[] WithReplacement(int size)
    {
        for (int i = 1; i < _p.Length; i++) _p[i] += _p[i - 1];
        var drawn = new int[size];
        for (int i = 0; i < size; i++)
        {
            double u = _twister.NextUniform();
            int j = 0;
            while (j < _p.Length - 1 && u > _p[j]) j++;
            drawn[i] = _label[j];
        }

        return drawn;
    }

    private int[] WithoutReplacement(int size)
    {
        var drawn = new int[size];
        double total = 1;
        for (int i = 0, last = _p.Length - 1; i < size; i++, last--)
        {
            double u = total * _twister.NextUniform(), mass = 0;
            int j = 0;
            for (; j < last; j++)
            {
                mass += _p[j];
                if (u <= mass) break;
            }

            drawn[i] = _label[j];
            total -= _p[j];
            Array.Copy(_p, j + 1, _p, j, last - j);
            Array.Copy(_label, j + 1, _label, j, last - j);
        }

        return drawn;
    }

    /// <summary>Pairs each class below the mean probability with one above it, then draws a class and a uniform that chooses within its pair.</summary>
    private int[] Walker(int size)
    {
        int n = _p.Length, high = n, low = 0;
        var order = new int[n];
        var alias = new int[n];
        var q = new double[n];
        for (int i = 0; i < n; i++)
        {
            q[i] = _p[i] * n;
            if (q[i] < 1) order[low++] = i;
            else order[--high] = i;
        }

        for (int k = 0; low > 0 && k < n - 1 && high < n; k++)
        {
            int i = order[k], j = order[high];
            alias[i] = j;
            q[j] += q[i] - 1;
            if (q[j] < 1) high++;
        }

        var drawn = new int[size];
        for (int i = 0; i < size; i++)
        {
            int k = (int)_twister.NextIndex(n);
            drawn[i] = (k + _twister.NextUniform() < k + q[k] ? k : alias[k]) + 1;
        }

        return drawn;
    }

    /// <summary>Heapsort with the smallest on top, so that the order falls; ties end in the order that this algorithm gives them.</summary>
    private void SortDecreasing()
    {
        int n = _p.Length;
        for (int root = n / 2 - 1; root >= 0; root--) Sift(root, n, _p[root], _label[root]);
        for (int end = n - 1; end >= 1; end--)
        {
            (double p, int label) = (_p[end], _label[end]);
            _p[end] = _p[0];
            _label[end] = _label[0];
            Sift(0, end, p, label);
        }
    }

    private void Sift(int hole, int count, double p, int label)
    {
        for (int child = 2 * hole + 1; child < count; child = 2 * hole + 1)
        {
            if (child + 1 < count && _p[child] > _p[child + 1]) child++;
            if (!(p > _p[child])) break;
            _p[hole] = _p[child];
            _label[hole] = _label[child];
            hole = child;
        }

        _p[hole] = p;
        _label[hole] = label;
    }
}
