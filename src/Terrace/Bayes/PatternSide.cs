using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>One side of a <see cref="PatternSplit"/>: its patterns, and its columns and terms restated by pattern. Immutable.</summary>
internal sealed class PatternSide
{
    private readonly (int Column, double[] Values)[] _columns;
    private readonly (GroupTerm Term, int[] Codes, double[]?[] Covariates)[] _terms;

    private PatternSide(int[] patternOfCell, int count, (int Column, double[] Values)[] columns, (GroupTerm Term, int[] Codes, double[]?[] Covariates)[] terms) =>
        (PatternOfCell, Count, _columns, _terms) = (patternOfCell, count, columns, terms);

    /// <summary>The pattern of each cell.</summary>
    public int[] PatternOfCell { get; }

    /// <summary>The number of patterns.</summary>
    public int Count { get; }

    /// <summary>Patterns times parts.</summary>
    public long Cost => (long)Count * (_columns.Length + _terms.Length);

    /// <summary>The side of some parts.</summary>
    public static PatternSide Of(Part[] parts, int cells)
    {
        Labels labels = parts.Length == 0 ? new Labels(new int[cells], 1) : parts.Skip(1).Aggregate(parts[0].Labels, (all, part) => all.Combine(part.Labels));
        var firstCell = new int[labels.Count];
        for (int i = cells - 1; i >= 0; i--) firstCell[labels.Codes[i]] = i;
        double[] Pick(double[] values) => [.. firstCell.Select(i => values[i])];
        return new PatternSide(labels.Codes, labels.Count,
            [.. parts.Where(part => part.Term is null).Select(part => (part.Index, Pick(part.Values!)))],
            [.. parts.Select(part => part.Term).OfType<GroupTerm>().Select(term => (term, firstCell.Select(i => term.Codes[i]).ToArray(), term.Covariates.Select(z => z is null ? null : Pick(z)).ToArray()))]);
    }

    /// <summary>The sum of the side's parts per pattern: columns times <paramref name="slopes"/>, and the terms' effects among all coefficients <paramref name="x"/>.</summary>
    public void Predict(ReadOnlySpan<double> slopes, ReadOnlySpan<double> x, Span<double> sums)
    {
        sums.Clear();
        foreach ((int column, double[] values) in _columns) ContiguousLoops.AddMultiple(slopes[column], values, sums);
        foreach ((GroupTerm term, int[] codes, double[]?[] covariates) in _terms) TermLoops.Gather(codes, covariates, x.Slice(term.Start, term.Count), sums);
    }

    /// <summary>From the sums of scores per pattern the derivatives in the slopes and in the terms' effects.</summary>
    public void Scatter(ReadOnlySpan<double> sums, Span<double> bySlopes, Span<double> gradient)
    {
        foreach ((int column, double[] values) in _columns) bySlopes[column] = ContiguousLoops.Dot(values, sums);
        foreach ((GroupTerm term, int[] codes, double[]?[] covariates) in _terms) TermLoops.Scatter(codes, covariates, sums, gradient.Slice(term.Start, term.Count));
    }
}
