using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// One variance or covariance γ of a random-effects term, of which the marginal covariance Σ = Σ_r γ_r G_r is a linear function: G = Z E Z' with E = Σ_levels e_a e_a' for the variance of
/// covariate a, Σ_levels (e_a e_b' + e_b e_a') for the covariance of a and b.
/// </summary>
/// <remarks>Kenward and Roger (1997), section 3 (linear covariance structures). Check: KenwardRogerTests (dense matrices).</remarks>
internal sealed record VarianceComponent(RandomTermLayout Term, int A, int B)
{
    /// <summary>The pairs (i, j) of the e_i e_j' that E is a sum of.</summary>
    private (int I, int J)[] Pairs => A == B ? [(A, A)] : [(A, B), (B, A)];

    /// <summary>All components of a model, in the order of its terms.</summary>
    public static VarianceComponent[] Of(RandomEffectsLayout layout) =>
        [.. from term in layout.Terms
            from b in Enumerable.Range(0, term.Width)
            from a in Enumerable.Range(b, term.Width - b)
            select new VarianceComponent(term, a, b)];

    /// <summary>E m.</summary>
    public Matrix Select(Matrix m)
    {
        var result = new Matrix(m.Rows, m.Columns);
        foreach (var (i, j) in Pairs)
        {
            for (int c = 0; c < m.Columns; c++)
            {
                var from = m.Column(c);
                var to = result.Column(c);
                for (int l = 0; l < Term.Levels.Count; l++) to[Term.Index(l, i)] += from[Term.Index(l, j)];
            }
        }
        return result;
    }

    /// <summary>tr(E m).</summary>
    public double Trace(Matrix m)
    {
        double sum = 0;
        foreach (var (i, j) in Pairs)
        {
            for (int l = 0; l < Term.Levels.Count; l++) sum += m[Term.Index(l, j), Term.Index(l, i)];
        }
        return sum;
    }

    /// <summary>tr(E m F m) for a symmetric m and the E of this component, the F of the other.</summary>
    public double Trace(VarianceComponent other, Matrix m)
    {
        double sum = 0;
        foreach (var (i, j) in Pairs)
        {
            foreach (var (c, d) in other.Pairs)
            {
                for (int l = 0; l < other.Term.Levels.Count; l++)
                {
                    var first = m.Column(other.Term.Index(l, c));
                    var second = m.Column(other.Term.Index(l, d));
                    for (int k = 0; k < Term.Levels.Count; k++) sum += first[Term.Index(k, j)] * second[Term.Index(k, i)];
                }
            }
        }
        return sum;
    }
}
