namespace Terrace.MixedModels;

/// <summary>A sum that keeps what rounding takes away: with a million terms the criterion stays smooth enough for its last digits to guide a search.</summary>
/// <remarks>Neumaier (1974), <em>Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen</em>. Check: SparseTailTests.</remarks>
internal struct CompensatedSum
{
    private double _sum;
    private double _lost;

    /// <summary>The sum so far.</summary>
    public readonly double Value => _sum + _lost;

    public void Add(double term)
    {
        double next = _sum + term;
        _lost += Math.Abs(_sum) >= Math.Abs(term) ? _sum - next + term : term - next + _sum;
        _sum = next;
    }
}
