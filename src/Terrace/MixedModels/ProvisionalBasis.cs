using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// A change of coordinates for the fixed effects and the response, learned from the first rows of a stream, after which plain sums of products keep their digits: X = Q̃ R₀ with columns nearly
/// orthonormal, ỹ = y − offset − Q̃ γ₀ with γ₀ the first rows' regression.
/// </summary>
/// <remarks>
/// <para>A column that the first rows cannot tell from earlier ones keeps its own scale. <see cref="Complete"/> makes the basis exact from the sums Q̃'WQ̃ of all rows, by Gram-Schmidt in that inner product,
/// twice, with the rule of aliasing of <see cref="FixedEffectsBasis"/>: X = Q R, Q = Q̃ T.</para>
/// <para>Chan, Golub and LeVeque (1983), <em>Algorithms for computing the sample variance</em>, American Statistician 37, section 3, for sums about a provisional mean, here of every column. Symbols: R₀ -> <c>_factor</c>;
/// γ₀ -> <see cref="Coefficients"/>; T -> <see cref="Transform"/>. Check: StreamedFitTests (the same as in memory; y = 10⁶ ± 1).</para>
/// </remarks>
internal sealed class ProvisionalBasis
{
    private const double AliasTolerance = 1e-7;
    private readonly Matrix _factor;

    /// <summary>Learns from rows of X with their response less offset.</summary>
    public ProvisionalBasis(Matrix x, ReadOnlySpan<double> response, ReadOnlySpan<double> weights)
    {
        var first = FixedEffectsBasis.Of(x, weights);
        int p = x.Columns;
        _factor = new Matrix(p, p);
        Coefficients = new double[p];
        var kept = first.Kept.ToList();
        for (int j = 0; j < p; j++)
        {
            int place = kept.IndexOf(j);
            _factor[j, j] = 1;
            if (place < 0) continue;
            for (int i = 0; i <= place; i++) _factor[kept[i], j] = first.Factor[i, place];
            for (int r = 0; r < response.Length; r++) Coefficients[j] += weights[r] * first.ColumnValues[place][r] * response[r];
        }
        Count = p;
    }

    /// <summary>The number of columns.</summary>
    public int Count { get; }

    /// <summary>γ₀.</summary>
    public double[] Coefficients { get; private set; }

    /// <summary>T, columns of X × rank, once complete.</summary>
    public Matrix Transform { get; private set; } = new(0, 0);

    /// <summary>The columns Q̃ of rows of X.</summary>
    public double[][] Columns(Matrix x)
    {
        var columns = new double[Count][];
        for (int j = 0; j < Count; j++)
        {
            columns[j] = x.Column(j).ToArray();
            for (int i = 0; i < j; i++)
            {
                if (_factor[i, j] != 0) ContiguousLoops.AddMultiple(-_factor[i, j], columns[i], columns[j]);
            }
            ContiguousLoops.Divide(columns[j], _factor[j, j]);
        }
        return columns;
    }

    /// <summary>The basis of all rows, from Q̃'WQ̃; <paramref name="centre"/> becomes γ₀ in it.</summary>
    public FixedEffectsBasis Complete(Matrix products, out double[] centre)
    {
        var basis = new List<double[]>();
        var kept = new List<int>();
        var rows = new List<double[]>();
        for (int j = 0; j < Count; j++)
        {
            double[] column = [.. Enumerable.Range(0, Count).Select(i => i == j ? 1.0 : 0)];
            double[] along = Orthogonalise(column, basis, products);
            double norm = Math.Sqrt(Math.Max(0, Inner(column, column, products)));
            double[] original = [.. Enumerable.Range(0, Count).Select(i => _factor[i, j])];
            bool isNew = norm * _factor[j, j] > AliasTolerance * Math.Sqrt(Math.Max(0, Inner(original, original, products)));
            for (int k = 0; k < along.Length; k++) rows[k][j] = along[k];
            if (!isNew) continue;
            for (int i = 0; i < Count; i++) column[i] /= norm;
            basis.Add(column);
            kept.Add(j);
            rows.Add(new double[Count]);
            rows[^1][j] = norm;
        }
        Transform = new Matrix(Count, basis.Count);
        for (int k = 0; k < basis.Count; k++) basis[k].CopyTo(Transform.Column(k));
        centre = [.. rows.Select(row => ContiguousLoops.Dot(row, Coefficients))];
        return new FixedEffectsBasis(Count, [.. kept], Factor(rows, kept));
    }

    /// <summary>R = R₁R₀ over the kept columns.</summary>
    private Matrix Factor(List<double[]> rows, List<int> kept)
    {
        var factor = new Matrix(kept.Count, kept.Count);
        for (int c = 0; c < kept.Count; c++)
        {
            for (int r = 0; r <= c; r++)
            {
                for (int i = 0; i <= kept[c]; i++) factor[r, c] += rows[r][i] * _factor[i, kept[c]];
            }
        }
        return factor;
    }

    private static double[] Orthogonalise(double[] column, List<double[]> basis, Matrix products)
    {
        var along = new double[basis.Count];
        for (int pass = 0; pass < 2; pass++)
        {
            for (int k = 0; k < basis.Count; k++)
            {
                double projection = Inner(basis[k], column, products);
                ContiguousLoops.AddMultiple(-projection, basis[k], column);
                along[k] += projection;
            }
        }
        return along;
    }

    private static double Inner(double[] a, double[] b, Matrix products)
    {
        double sum = 0;
        for (int j = 0; j < b.Length; j++) sum += b[j] * ContiguousLoops.Dot(products.Column(j), a);
        return sum;
    }
}
