using System.Numerics;
using System.Runtime.CompilerServices;
using Terrace.Design;
using Terrace.Families;

namespace Terrace.Poststratification;

/// <summary>
/// Expected outcomes of covariate patterns under draws of all coefficients, fixed and group-level: μ = g⁻¹(offset + x′β + Σ z′b). A draw holds β in the order of the columns of X, then
/// for each group-level term the effects of its levels and then of its new levels, the effects of one level side by side.
/// </summary>
internal sealed class CoefficientDraws : ICellPredictions
{
    private readonly DesignMatrices _design;
    private readonly Family _family;
    private readonly double[] _draws;
    private readonly int[] _start;
    private readonly bool[] _isIntercept;

    /// <summary>Takes draws stored one after the other, each as long as <see cref="Length"/> says.</summary>
    public CoefficientDraws(DesignMatrices design, Family family, double[] draws)
    {
        _design = design;
        _family = family;
        _draws = draws;
        _start = Starts(design);
        _isIntercept = [.. design.RandomTerms.Select(term => term.TermNames is ["(Intercept)"])];
        Draws = draws.Length / Length(design);
    }

    /// <inheritdoc/>
    public int Cells => _design.Rows;

    /// <inheritdoc/>
    public int Draws { get; }

    /// <summary>The number of coefficients of a draw.</summary>
    public static int Length(DesignMatrices design) => Starts(design)[^1];

    /// <summary>Where the effects of each term start in a draw; the last is the draw's length.</summary>
    public static int[] Starts(DesignMatrices design)
    {
        var starts = new int[design.RandomTerms.Count + 1];
        starts[0] = design.X.Columns;
        for (int t = 0; t < design.RandomTerms.Count; t++)
        {
            RandomTermDesign term = design.RandomTerms[t];
            starts[t + 1] = starts[t] + (term.Levels.Count + term.NewLevels.Count) * term.TermNames.Count;
        }
        return starts;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Predict(int draw, int firstCell, Span<double> means)
    {
        int length = _start[^1];
        ReadOnlySpan<double> coefficients = _draws.AsSpan(draw * length, length);
        Span<double> eta = means;
        _design.Offset.AsSpan(firstCell, eta.Length).CopyTo(eta);
        for (int j = 0; j < _design.X.Columns; j++) AddMultiple(_design.X.Column(j).Slice(firstCell, eta.Length), coefficients[j], eta);
        for (int t = 0; t < _design.RandomTerms.Count; t++) AddTerm(t, coefficients[_start[t].._start[t + 1]], firstCell, eta);
        _family.Kernel.Means(eta, means);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTerm(int t, ReadOnlySpan<double> effects, int firstCell, Span<double> eta)
    {
        RandomTermDesign term = _design.RandomTerms[t];
        ReadOnlySpan<int> codes = term.Codes.AsSpan(firstCell, eta.Length);
        if (_isIntercept[t])
        {
            for (int i = 0; i < eta.Length; i++) eta[i] += effects[codes[i]];
            return;
        }
        int width = term.TermNames.Count;
        for (int j = 0; j < width; j++)
        {
            ReadOnlySpan<double> z = term.Z.Column(j).Slice(firstCell, eta.Length);
            for (int i = 0; i < eta.Length; i++) eta[i] += z[i] * effects[codes[i] * width + j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddMultiple(ReadOnlySpan<double> column, double factor, Span<double> eta)
    {
        if (factor == 0) return;
        int i = 0;
        var factors = new Vector<double>(factor);
        for (; i <= eta.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(eta[i..]) + factors * new Vector<double>(column[i..])).CopyTo(eta[i..]);
        for (; i < eta.Length; i++) eta[i] += factor * column[i];
    }
}
