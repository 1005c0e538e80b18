using Terrace.Families;

namespace Terrace.Poststratification;

/// <summary>
/// Means of the responses in groups of rows, with the variances of these means in simple random samples.
/// <para>m = Σ w y / Σ w; Var m = m (1 − m) / (Σ w − 1) for proportions, Σ w (y − m)² / ((n − 1) Σ w) otherwise.</para>
/// <para>w: the prior weight (trials of a proportion, or precision), n: the number of rows. W. G. Cochran (1977), Sampling Techniques, sections 2.6 and 3.2, without the finite
/// population correction. A group of one respondent has no variance of its own and takes that of all groups pooled. Pinned by <c>PlainPoststratificationTests</c>.</para>
/// </summary>
internal sealed class SampleMeans
{
    private readonly double[] _weight;
    private readonly double[] _sum;
    private readonly double[] _squares;
    private readonly long[] _rows;
    private readonly bool _isProportion;

    /// <summary>Averages the responses of the rows in each group; rows of group −1 are left out.</summary>
    public SampleMeans(Observations responses, ReadOnlySpan<int> groupOfRow, int groups)
    {
        _isProportion = responses.Family.IsBinomial;
        (_weight, _sum, _squares, _rows) = (new double[groups], new double[groups], new double[groups], new long[groups]);
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (groupOfRow[i] < 0 || responses.RowWeight[i] == 0) continue;
            _weight[groupOfRow[i]] += responses.RowWeight[i];
            _sum[groupOfRow[i]] += responses.RowWeight[i] * responses.RowY[i];
            _rows[groupOfRow[i]]++;
        }
        Means = [.. _sum.Zip(_weight, (sum, weight) => sum / weight)];
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (groupOfRow[i] < 0) continue;
            double deviation = responses.RowY[i] - Means[groupOfRow[i]];
            if (responses.RowWeight[i] > 0) _squares[groupOfRow[i]] += responses.RowWeight[i] * deviation * deviation;
        }
    }

    /// <summary>The mean of each group; NaN without rows.</summary>
    public double[] Means { get; }

    /// <summary>Whether a group has rows.</summary>
    public bool HasRows(int group) => _weight[group] > 0;

    /// <summary>The variance of each group's mean; NaN without rows, or where no group has two observations.</summary>
    public double[] Variances()
    {
        double[] squares = [.. Enumerable.Range(0, _weight.Length).Select(SumOfSquares)];
        double freedom = Enumerable.Range(0, _weight.Length).Sum(g => Math.Max(0, Observations(g) - 1));
        double pooled = Enumerable.Range(0, _weight.Length).Where(g => Observations(g) > 1).Sum(g => squares[g]) / freedom;
        return [.. Enumerable.Range(0, _weight.Length).Select(g => (Observations(g) > 1 ? squares[g] / (Observations(g) - 1) : pooled) / _weight[g])];
    }

    private double SumOfSquares(int group) => _isProportion && _weight[group] > 0 ? _weight[group] * Means[group] * (1 - Means[group]) : _squares[group];

    // A proportion of so many trials is so many observations; elsewhere a row is one.
    private double Observations(int group) => _isProportion ? _weight[group] : _rows[group];
}
