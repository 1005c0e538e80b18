using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The derivative of ½ log |H| with respect to θ: tr(H⁻¹ dΛ'[Z'WZΛ, Z'WX]) for every entry of every term's relative factor, finite at θ = 0 too.
/// </summary>
/// <remarks>
/// <para>With N = H⁻¹ and G = [Z'WZ, Z'WX]: for entry (a, b) of a term's T it is Σ over its levels of (G diag(Λ, I) N)_ab of the level's diagonal block. If N is M⁻¹ the
/// derivative is that of ½ log |M| (maximum likelihood), with X in the tail that of ½ (log |M| + log |R_X|²) (REML).</para>
/// <para>Derived in docs/algorithms/mixed-models.md; equivalent to Harville (1977), equation for tr(Z'V⁻¹Z), without any division by θ.</para>
/// <para>Check: ProfiledDevianceTests compares the gradient with finite differences.</para>
/// </remarks>
internal sealed class CovarianceTrace
{
    private readonly RandomEffectsLayout _layout;
    private readonly double[] _column;
    private readonly double[] _mixed;
    private readonly double[] _lead;
    private readonly int[] _leadTheta;

    public CovarianceTrace(RandomEffectsLayout layout, int fixedColumns)
    {
        _layout = layout;
        _column = new double[layout.TailColumns + fixedColumns];
        _mixed = new double[layout.Terms.Max(t => t.Width)];
        _lead = new double[layout.LeadWidth];
        _leadTheta = LeadTheta(layout);
    }

    /// <summary>Fills <paramref name="trace"/>, one entry per θ.</summary>
    public void Compute(BlockedCrossProduct product, RelativeCovarianceFactor lambda, SelectedInverse inverse, Span<double> trace)
    {
        trace.Clear();
        for (int l = 0; l < _layout.LeadLevels; l++)
        {
            AddLeadDiagonal(product, lambda, inverse, l, trace);
            AddCoupling(product, lambda, inverse, l, trace);
        }
        if (product.SparseTail is { } sparse) SparseTailTrace.Add(sparse, lambda, inverse.SparseTail!, _layout, trace);
        else for (int j = 0; j < _layout.TailColumns; j++) AddTailColumn(product, lambda, inverse, j, trace);
    }

    /// <summary>A guess at the diagonal of the criterion's Hessian from its traces: 4 A² / levels, A the trace of the diagonal entry in the same row, at least 1e-4.</summary>
    public static double[] CurvatureGuess(RandomEffectsLayout layout, double[] trace)
    {
        var guess = new double[trace.Length];
        foreach (var term in layout.Terms)
        {
            for (int c = 0; c < term.Width; c++)
            {
                for (int r = c; r < term.Width; r++)
                {
                    double a = trace[term.ThetaIndex(r, r)];
                    guess[term.ThetaIndex(r, c)] = Math.Max(4 * a * a / term.Levels.Count, 1e-4);
                }
            }
        }
        return guess;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLeadDiagonal(BlockedCrossProduct product, RelativeCovarianceFactor lambda, SelectedInverse inverse, int level, Span<double> trace)
    {
        int width = _layout.LeadWidth, first = level * width * width;
        for (int c = 0; c < width; c++)
        {
            RelativeCovarianceFactor.MultiplyLevel(lambda.Lead, width, inverse.Lead.AsSpan(first + c * width, width), _lead);
            for (int r = 0; r < width; r++)
            {
                double sum = 0;
                for (int k = 0; k < width; k++) sum += product.Lead[first + k * width + r] * _lead[k];
                AddLead(r, c, sum, trace);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddCoupling(BlockedCrossProduct product, RelativeCovarianceFactor lambda, SelectedInverse inverse, int level, Span<double> trace)
    {
        int width = _layout.LeadWidth, random = product.Pattern.Count(level), columns = random + inverse.FixedColumns;
        var c = product.Coupling.AsSpan(product.CouplingStart(level), columns * width);
        var n = inverse.Coupling.AsSpan(inverse.CouplingStart(level), columns * width);
        for (int a = 0; a < columns;)
        {
            int k = 1;
            if (a < random)
            {
                int t = _layout.TailTerm[product.Pattern.Columns[product.Pattern.Starts[level] + a]];
                k = _layout.Terms[t].Width;
                AddTailFromLead(c.Slice(a * width, k * width), n.Slice(a * width, k * width), lambda, t, trace);
                AddLeadFromTail(c.Slice(a * width, k * width), n.Slice(a * width, k * width), lambda.Blocks[t], k, trace);
            }
            else AddLeadFromTail(c.Slice(a * width, width), n.Slice(a * width, width), Unit, 1, trace);
            a += k;
        }
    }

    private static readonly double[] Unit = [1];

    /// <summary>C_l Λ_t N_tl for one level of a tail term (or one column of X).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLeadFromTail(ReadOnlySpan<double> coupling, ReadOnlySpan<double> inverse, double[] block, int k, Span<double> trace)
    {
        int width = _layout.LeadWidth;
        for (int c = 0; c < width; c++)
        {
            for (int j = 0; j < k; j++)
            {
                double mixed = 0;
                for (int i = 0; i <= j; i++) mixed += block[j + i * k] * inverse[i * width + c];
                for (int r = 0; r < width; r++) AddLead(r, c, coupling[j * width + r] * mixed, trace);
            }
        }
    }

    /// <summary>C_l'Λ₁ N_lt for one level of a tail term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTailFromLead(ReadOnlySpan<double> coupling, ReadOnlySpan<double> inverse, RelativeCovarianceFactor lambda, int t, Span<double> trace)
    {
        int width = _layout.LeadWidth;
        var term = _layout.Terms[t];
        for (int b = 0; b < term.Width; b++)
        {
            RelativeCovarianceFactor.MultiplyLevel(lambda.Lead, width, inverse.Slice(b * width, width), _lead);
            for (int a = b; a < term.Width; a++)
            {
                double sum = 0;
                for (int r = 0; r < width; r++) sum += coupling[a * width + r] * _lead[r];
                trace[term.ThetaIndex(a, b)] += sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTailColumn(BlockedCrossProduct product, RelativeCovarianceFactor lambda, SelectedInverse inverse, int j, Span<double> trace)
    {
        var term = _layout.Terms[_layout.TailTerm[j]];
        int component = _layout.TailComponent[j], size = inverse.Tail.Rows;
        var scaled = _column.AsSpan(0, size);
        inverse.Tail.Column(j).CopyTo(scaled);
        for (int i = 0; i < _layout.TailColumns;)
        {
            int t = _layout.TailTerm[i], k = _layout.Terms[t].Width;
            if (k == 1) i += ScaleRun(scaled, i, t, lambda.Blocks[t][0]);
            else
            {
                scaled.Slice(i, k).CopyTo(_mixed);
                RelativeCovarianceFactor.MultiplyLevel(lambda.Blocks[t], k, _mixed, scaled[i..]);
                i += k;
            }
        }
        for (int a = component; a < term.Width; a++)
        {
            var row = product.Tail.Column(j - component + a)[..size];
            trace[term.ThetaIndex(a, component)] += ContiguousLoops.Dot(row, scaled);
        }
    }

    private int ScaleRun(Span<double> values, int first, int t, double factor)
    {
        int count = _layout.Terms[t].Levels.Count - (first - (_layout.Terms[t].Start - _layout.LeadColumns));
        ContiguousLoops.Scale(values.Slice(first, count), factor);
        return count;
    }

    /// <summary>The parameter of each entry of a lead level's block, −1 where there is none.</summary>
    private static int[] LeadTheta(RandomEffectsLayout layout)
    {
        var places = new int[layout.LeadWidth * layout.LeadWidth];
        Array.Fill(places, -1);
        foreach (var term in layout.LeadLambdaMap)
        {
            for (int c = 0; c < term.Width; c++)
            {
                for (int r = c; r < term.Width; r++) places[term.Start + r + (term.Start + c) * layout.LeadWidth] = term.ThetaIndex(r, c);
            }
        }
        return places;
    }

    /// <summary>Adds to the entry of the lead term that holds both columns; entries between terms and above the diagonal are no parameters.</summary>
    private void AddLead(int row, int column, double value, Span<double> trace)
    {
        int k = _leadTheta[row + column * _layout.LeadWidth];
        if (k >= 0) trace[k] += value;
    }
}
