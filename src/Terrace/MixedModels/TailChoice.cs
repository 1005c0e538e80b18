namespace Terrace.MixedModels;

/// <summary>
/// Chooses how the tail is solved, by counts alone, so that a fit repeats: dense, sparse, or iteratively.
/// </summary>
/// <remarks>
/// <para>A dense tail of n columns takes n³/3 multiplications to factor, a sparse one Σ m(r² + mr + m²/3) over supernodes of m columns and r rows (<see cref="Terrace.Numerics.LinearAlgebra.SupernodalStructure.Flops"/>). Small tails are dense. A sparse tail
/// is taken where it needs less than <see cref="SparseShare"/> of the dense one's multiplications, for its fronts are smaller and its order costs as much as one evaluation; at that share (InstEval: 155 of 515 million) an
/// evaluation takes two thirds of a dense one's time, and a fit of eight evaluations the same to the noise of the measurement (bench/compare-lme4, tails). Where either would take more than <see cref="ExactLimit"/>, a linear model is solved
/// iteratively (IterativeLinearMixedModel), and another one as far as <see cref="LargestDense"/> and <see cref="LastResort"/> allow.</para>
/// <para>Liu (1992), <em>The multifrontal method for sparse matrix solution</em>, section 4, for the count. Check: SparseTailTests.</para>
/// </remarks>
internal static class TailChoice
{
    /// <summary>The largest dense tail, in columns: its Cholesky factor takes about 2.7 Tflop and 3.2 GB.</summary>
    public const int LargestDense = 20_000;

    /// <summary>The multiplications of one factorisation above which a linear model is solved iteratively: those of 10,000 dense columns.</summary>
    public const double ExactLimit = 3.4e11;

    private const double LastResort = 3e12;
    private const double SparseShare = 0.3;
    private const int SmallTail = 400;

    /// <summary>The sparse tail, or null for a dense one.</summary>
    /// <exception cref="ModelException">The tail is too large for what was asked.</exception>
    public static SparseTail? Of(RandomEffectsLayout layout, int[] starts, int[] columns, int[][] codes, Factorisation asked, bool mayIterate)
    {
        double size = layout.TailColumns, dense = size * size * size / 3;
        bool denseFits = size <= LargestDense;
        if (size == 0) return null;
        if (asked == Factorisation.Dense) return denseFits ? null : throw TooLarge(layout, "one dense matrix");
        if (asked == Factorisation.Automatic && size <= SmallTail) return null;
        var pattern = TailPattern.Of(layout, codes);
        if (asked == Factorisation.Iterative) return SparseTail.Unordered(pattern);
        if (asked == Factorisation.Sparse) return SparseTail.Ordered(pattern, starts, columns, LastResort) ?? throw TooLarge(layout, "a sparse factor");
        double limit = mayIterate ? ExactLimit : LastResort;
        if (SparseTail.Ordered(pattern, starts, columns, denseFits ? Math.Min(SparseShare * dense, limit) : limit) is { } sparse) return sparse;
        if (denseFits && dense <= limit) return null;
        return mayIterate ? SparseTail.Unordered(pattern) : throw TooLarge(layout, "a sparse factor");
    }

    private static ModelException TooLarge(RandomEffectsLayout layout, string way)
    {
        string lead = layout.LeadLambdaMap[0].Group;
        string others = string.Join(", ", layout.Terms.Where(t => !t.IsLead).Select(t => $"{t.Group} ({t.Levels.Count:N0} levels)").Distinct());
        return new ModelException($"The grouping factors beside {lead} have {layout.TailColumns:N0} random effects together, too many for {way}: {others}. "
            + "Merge levels or leave one of the factors out; a linear model can be fitted iteratively (--factorisation iterative).");
    }
}
