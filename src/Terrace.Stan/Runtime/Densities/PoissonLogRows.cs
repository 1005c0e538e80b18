using System.Numerics.Tensors;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>Counts given their log rates: Σ y η − e^η, residual y − e^η.</summary>
internal readonly ref struct PoissonLogRows(ReadOnlySpan<int> y) : ILinkedRows
{
    private readonly ReadOnlySpan<int> _y = y;

    /// <inheritdoc/>
    public static int ScratchColumns => 2;

    /// <inheritdoc/>
    public double Evaluate(int from, scoped Span<double> eta, scoped Span<double> scratch, bool slopes)
    {
        Span<double> counts = scratch[..eta.Length], means = scratch[eta.Length..];
        IntColumn.ToDoubles(_y, from, counts);
        ExponentialKernel.Evaluate(eta, means);
        double sum = TensorPrimitives.Dot<double>(counts, eta) - TensorPrimitives.Sum<double>(means);
        if (double.IsNaN(sum)) sum = Limits(counts, eta, means);
        if (slopes) TensorPrimitives.Subtract(counts, means, eta);
        return sum;
    }

    /// <summary>The sum where some log rates are infinite: a rate 0 gives 0 to a count 0 and −∞ to others, an infinite rate gives −∞.</summary>
    private static double Limits(ReadOnlySpan<double> counts, ReadOnlySpan<double> eta, ReadOnlySpan<double> means)
    {
        double sum = 0;
        for (int i = 0; i < eta.Length; i++) sum += double.IsPositiveInfinity(means[i]) ? double.NegativeInfinity : (counts[i] == 0 && !double.IsNaN(eta[i]) ? 0 : counts[i] * eta[i]) - means[i];
        return sum;
    }
}
