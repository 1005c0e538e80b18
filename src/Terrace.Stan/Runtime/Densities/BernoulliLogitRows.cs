using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>Outcomes 0 or 1 given their log odds: Σ y η − log(1 + e^η), residual y − 1/(1 + e^−η).</summary>
internal readonly ref struct BernoulliLogitRows(ReadOnlySpan<int> y) : ILinkedRows
{
    private readonly ReadOnlySpan<int> _y = y;

    /// <inheritdoc/>
    public static int ScratchColumns => 2;

    /// <inheritdoc/>
    public double Evaluate(int from, scoped Span<double> eta, scoped Span<double> scratch, bool slopes)
    {
        Span<double> successes = scratch[..eta.Length], trials = scratch[eta.Length..];
        IntColumn.ToDoubles(_y, from, successes);
        trials.Fill(1);
        return BinomialLogitKernel.Evaluate(eta, successes, trials, slopes ? eta : [], [], []);
    }
}
