using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The principal components of one random-effects term: how many directions of variation the data support, and, where they are fewer than the term has covariates, what to leave out.
/// </summary>
/// <remarks>
/// <para>Σ = σ²TT', T = P D Q': the singular values D are the standard deviations of the components relative to σ, P their loadings, D²/ΣD² their shares of the variance (lme4's <c>rePCA</c>). These depend on
/// the units of the covariates. The eigenvalues of T'MT, M = Z'WZ/ΣW, do not: they are the components' contributions to the mean variance z'Σz of the linear predictor (over σ²), and it is by them that rank and advice go.</para>
/// <para>Bates, Kliegl, Vasishth and Baayen (2015), <em>Parsimonious mixed models</em>, section 3, for the method and the order of the advice (correlations first, then the smallest variance). Deviation: the second set of
/// eigenvalues. Check: RandomEffectsPcaTests (lme4's <c>rePCA</c>; a change of unit and origin).</para>
/// </remarks>
public sealed record RandomEffectsPca
{
    private const double Zero = 1e-4;
    private const double Negligible = 0.001;

    /// <summary>The grouping factor.</summary>
    public required string Group { get; init; }

    /// <summary>The term as a formula writes it: <c>(1 + Days | Subject)</c>.</summary>
    public required string Term { get; init; }

    /// <summary>The covariates of the term.</summary>
    public required IReadOnlyList<string> TermNames { get; init; }

    /// <summary>The singular values of the relative factor T, largest first (relative to σ).</summary>
    public required IReadOnlyList<double> StandardDeviations { get; init; }

    /// <summary>The share of each component in the sum of the variances.</summary>
    public required IReadOnlyList<double> Proportions { get; init; }

    /// <summary>The loadings: covariates × components.</summary>
    public required Matrix Loadings { get; init; }

    /// <summary>The share of each component of the linear predictor's variance, whatever unit and origin the covariates have; largest first.</summary>
    public required IReadOnlyList<double> Contributions { get; init; }

    /// <summary>The number of components whose contribution is not zero.</summary>
    public required int Rank { get; init; }

    /// <summary>What to leave out of an overparameterised term and why; null where the data support the whole term.</summary>
    public required string? Advice { get; init; }

    /// <summary>The components of every term of <paramref name="fit"/>, in the order of the formula.</summary>
    public static IReadOnlyList<RandomEffectsPca> Of(MixedModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Of(fit.TermsInFormulaOrder, fit.Joint);
    }

    /// <summary>The components of terms whose covariates have the cross-products of <paramref name="joint"/>.</summary>
    internal static IReadOnlyList<RandomEffectsPca> Of(IReadOnlyList<RandomTermFit> terms, JointPrecision joint) => [.. terms.Select(term => Of(term, MeanProducts(joint, term.Layout)))];

    private static RandomEffectsPca Of(RandomTermFit term, Matrix products)
    {
        int k = term.TermNames.Count;
        Matrix factor = term.Factor;
        var raw = SymmetricEigen.Decompose(Gemm.Product(factor, false, factor, true));
        var scaled = SymmetricEigen.Decompose(Gemm.Product(factor, true, Gemm.Product(products, false, factor, false), false));
        double[] sizes = [.. scaled.Values.Select(value => Math.Max(0, value))];
        int rank = sizes.Count(value => Math.Sqrt(value) >= Zero);
        double[] own = [.. Enumerable.Range(0, k).Select(j => Math.Sqrt(Math.Max(0, products[j, j]) * RowSquares(factor, j)))];
        double[] shares = Shares(sizes);
        return new RandomEffectsPca
        {
            Group = term.Group,
            Term = Text(term.TermNames, "|", term.Group),
            TermNames = term.TermNames,
            StandardDeviations = [.. raw.Values.Select(value => Math.Sqrt(Math.Max(0, value)))],
            Proportions = Shares([.. raw.Values.Select(value => Math.Max(0, value))]),
            Loadings = raw.Vectors,
            Contributions = shares,
            Rank = rank,
            Advice = Advise(term, rank, shares, own),
        };
    }

    private static string? Advise(RandomTermFit term, int rank, double[] shares, double[] own)
    {
        int k = term.TermNames.Count;
        string whole = Text(term.TermNames, "|", term.Group);
        if (rank == 0) return $"leave out {whole}: the data show no variation between the levels of {term.Group} beyond chance";
        int[] zero = [.. Enumerable.Range(0, k).Where(j => own[j] < Zero)];
        if (zero.Length > 0)
        {
            string[] kept = [.. term.TermNames.Where((_, j) => !zero.Contains(j))];
            return $"drop {string.Join(", ", zero.Select(j => Name(term.TermNames[j])))} from {whole}, which leaves {Text(kept, "|", term.Group)}: the standard deviation is 0";
        }
        if (rank == k && shares[^1] >= Negligible) return null;
        int least = Array.IndexOf(own, own.Min());
        string[] others = [.. term.TermNames.Where((_, j) => j != least)];
        string reason = rank < k
            ? $"{k} effects vary in only {rank} direction{(rank == 1 ? "" : "s")}, so the correlations lie on the boundary"
            : FormattableString.Invariant($"its last direction has {100 * shares[^1]:G2} % of the variance, so the correlations are hardly determined");
        return $"replace {whole} by {Text(term.TermNames, "||", term.Group)}, or, if that is no worse by a likelihood-ratio test, drop {Name(term.TermNames[least])}, which varies least: {Text(others, "|", term.Group)}; {reason}";
    }

    /// <summary>Z'WZ/ΣW of a term.</summary>
    private static Matrix MeanProducts(JointPrecision joint, RandomTermLayout term)
    {
        int k = term.Width, width = joint.Layout.LeadWidth;
        var mean = new Matrix(k, k);
        for (int l = 0; l < term.Levels.Count; l++)
        {
            for (int c = 0; c < k; c++)
            {
                int index = term.Index(l, c), tail = index - joint.Layout.LeadColumns;
                for (int r = 0; r < k; r++)
                {
                    int other = tail - c + r;
                    mean[r, c] += term.IsLead ? joint.Product.Lead[index * width + term.Start + r] : joint.Product.TailEntry(tail, other);
                }
            }
        }
        for (int i = 0; i < mean.Values.Length; i++) mean.Values[i] /= joint.SumOfWeights;
        return mean;
    }

    private static double[] Shares(double[] values)
    {
        double total = values.Sum();
        return [.. values.Select(value => total > 0 ? value / total : 0)];
    }

    private static double RowSquares(Matrix factor, int row)
    {
        double sum = 0;
        for (int c = 0; c < factor.Columns; c++) sum += factor[row, c] * factor[row, c];
        return sum;
    }

    private static string Name(string term) => term == "(Intercept)" ? "the intercept" : term;

    /// <summary>A term as a formula writes it.</summary>
    internal static string Text(IReadOnlyList<string> names, string bar, string group)
    {
        string inside = string.Join(" + ", names.Select(name => name == "(Intercept)" ? "1" : name));
        return names.Contains("(Intercept)") ? $"({inside} {bar} {group})" : $"(0 + {inside} {bar} {group})";
    }
}
