using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>
/// One linear predictor η and the way back from its scores to the coefficients, by patterns where the cells have few (<see cref="PatternSplit"/>), else cell by cell. A workspace of one thread.
/// </summary>
/// <remarks>
/// By patterns the fixed part is γ₀ + Σ (x_j − x̄_j) β_j with β = Bγ instead of Q̃γ, since a column of Q̃ has as many values as the columns before it together: ∂/∂γ = B'(X̃'s). Checked in <c>PatternSplitTests</c>
/// (both ways agree) and by finite differences in <c>BayesianDensityTests</c>.
/// </remarks>
internal sealed class PredictorEvaluator
{
    private readonly PredictorDesign _design;
    private readonly GroupTerm[] _terms;
    private readonly PatternSplit? _split;
    private readonly double[] _first = [];
    private readonly double[] _second = [];
    private readonly double[] _slopes;
    private readonly double[] _bySlopes;
    private readonly bool _hasOffset;

    public PredictorEvaluator(PredictorDesign design, IReadOnlyList<GroupTerm> terms)
    {
        _design = design;
        _terms = [.. terms];
        _split = design.SplitWith(_terms);
        _hasOffset = design.Offset.AsSpan().ContainsAnyExcept(0.0);
        (_slopes, _bySlopes) = (new double[design.Count], new double[design.Count]);
        if (_split is not null) (_first, _second) = (new double[_split.First.Count], new double[_split.Second.Count]);
    }

    /// <summary>Overwrites <paramref name="eta"/> by the predictor at the coefficients <paramref name="x"/>.</summary>
    public void Predict(ReadOnlySpan<double> x, double[] eta)
    {
        ReadOnlySpan<double> gamma = x.Slice(_design.Start, _design.Count);
        if (_split is { } split)
        {
            _design.Coefficients(gamma, _slopes);
            if (_design.HasIntercept) _slopes[0] = gamma[0];
            split.First.Predict(_slopes, x, _first);
            split.Second.Predict(_slopes, x, _second);
            AddPatterns(split, eta);
            return;
        }
        _design.Offset.CopyTo(eta, 0);
        for (int j = 0; j < gamma.Length; j++) ContiguousLoops.AddMultiple(gamma[j], _design.Columns[j], eta);
        foreach (GroupTerm term in _terms) TermLoops.Gather(term.Codes, term.Covariates, x.Slice(term.Start, term.Count), eta);
    }

    /// <summary>The derivatives in the predictor's own coefficients among <paramref name="gradient"/>, from the scores of the cells.</summary>
    public void Scatter(double[] score, Span<double> gradient)
    {
        Span<double> byGamma = gradient.Slice(_design.Start, _design.Count);
        if (_split is { } split)
        {
            SumPatterns(split, score);
            split.First.Scatter(_first, _bySlopes, gradient);
            split.Second.Scatter(_second, _bySlopes, gradient);
            _design.ByGamma(_bySlopes, byGamma);
            return;
        }
        for (int j = 0; j < byGamma.Length; j++) byGamma[j] = ContiguousLoops.Dot(_design.Columns[j], score);
        foreach (GroupTerm term in _terms) TermLoops.Scatter(term.Codes, term.Covariates, score, gradient.Slice(term.Start, term.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddPatterns(PatternSplit split, double[] eta)
    {
        ReadOnlySpan<int> first = split.First.PatternOfCell, second = split.Second.PatternOfCell;
        ReadOnlySpan<double> a = _first, b = _second;
        for (int i = 0; i < eta.Length; i++) eta[i] = a[first[i]] + b[second[i]];
        if (_hasOffset) ContiguousLoops.AddMultiple(1, _design.Offset, eta);
    }

    /// <summary>Sums of the scores by pattern. Neighbouring cells that share the first pattern are summed in a register: adding to one place over and over waits for memory each time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumPatterns(PatternSplit split, double[] score)
    {
        ReadOnlySpan<int> first = split.First.PatternOfCell, second = split.Second.PatternOfCell;
        Span<double> a = _first, b = _second;
        a.Clear();
        b.Clear();
        double run = 0;
        int current = first[0];
        for (int i = 0; i < score.Length; i++)
        {
            if (first[i] != current)
            {
                a[current] += run;
                (run, current) = (0, first[i]);
            }
            run += score[i];
            b[second[i]] += score[i];
        }
        a[current] += run;
    }
}
