namespace Terrace.Inference.Posterior;

/// <summary>
/// A sum whose rounding error does not grow with the number of terms: with each addition the part of the smaller term that is lost is recovered exactly
/// and carried along.
/// <para>t = s + x; c += |s| ≥ |x| ? (s − t) + x : (x − t) + s; the sum is s + c.</para>
/// <para>s: <c>_sum</c>, c: <c>_lost</c>.</para>
/// <para>A. Neumaier (1974), Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 54, algorithm IV. No deviation; an infinite sum stays
/// infinite. Error about one rounding of the result; pinned by <c>SampleMomentsTests</c>.</para>
/// </summary>
public struct CompensatedSum
{
    private double _sum;
    private double _lost;

    /// <summary>Adds a term.</summary>
    public void Add(double x)
    {
        double total = _sum + x;
        _lost += Math.Abs(_sum) >= Math.Abs(x) ? _sum - total + x : x - total + _sum;
        _sum = total;
    }

    /// <summary>Adds the terms of another sum.</summary>
    public void Add(CompensatedSum other)
    {
        Add(other._sum);
        _lost += other._lost;
    }

    /// <summary>The sum.</summary>
    public readonly double Value => double.IsFinite(_sum) ? _sum + _lost : _sum;
}
