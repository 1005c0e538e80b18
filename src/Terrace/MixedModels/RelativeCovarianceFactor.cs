using System.Runtime.CompilerServices;

namespace Terrace.MixedModels;

/// <summary>
/// Λ(θ), the block-diagonal relative covariance factor: b = Λ u with u spherical; each term has one k × k lower-triangular block T that all its levels share.
/// </summary>
/// <remarks>
/// <para>Bates et al. (2015), section 2.2: Σ = σ² T T'. θ holds the lower triangle of each T column by column.</para>
/// <para>Symbols: T -> <see cref="Blocks"/> (row r, column c at <c>r + c * k</c>); Λ u -> <see cref="Multiply"/>; Λ' v -> <see cref="MultiplyTransposed"/>.</para>
/// <para>Check: BlockedCholeskyTests compares with explicit matrices.</para>
/// </remarks>
internal sealed class RelativeCovarianceFactor
{
    private readonly RandomEffectsLayout _layout;

    public RelativeCovarianceFactor(RandomEffectsLayout layout)
    {
        _layout = layout;
        Blocks = [.. layout.Terms.Select(t => new double[t.Width * t.Width])];
        Lead = new double[layout.LeadWidth * layout.LeadWidth];
    }

    /// <summary>The block T of each term, column by column.</summary>
    public double[][] Blocks { get; }

    /// <summary>The block of one lead level: the lead terms' T along the diagonal.</summary>
    public double[] Lead { get; }

    /// <summary>Sets the blocks from the parameters.</summary>
    public void Set(ReadOnlySpan<double> theta)
    {
        for (int t = 0; t < Blocks.Length; t++)
        {
            var term = _layout.Terms[t];
            for (int c = 0; c < term.Width; c++)
            {
                for (int r = c; r < term.Width; r++) Blocks[t][r + c * term.Width] = theta[term.ThetaIndex(r, c)];
            }
        }
        FillLead();
    }

    /// <summary>b = Λ u over the random effects; entries after them are copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(ReadOnlySpan<double> u, Span<double> b)
    {
        u.CopyTo(b);
        for (int t = 0; t < Blocks.Length; t++)
        {
            var term = _layout.Terms[t];
            for (int l = 0; l < term.Levels.Count; l++) MultiplyLevel(Blocks[t], term.Width, u[term.Index(l, 0)..], b[term.Index(l, 0)..]);
        }
    }

    /// <summary>u = Λ' v over the random effects; entries after them are copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyTransposed(ReadOnlySpan<double> v, Span<double> u)
    {
        v.CopyTo(u);
        for (int t = 0; t < Blocks.Length; t++)
        {
            var term = _layout.Terms[t];
            for (int l = 0; l < term.Levels.Count; l++) MultiplyLevelTransposed(Blocks[t], term.Width, v[term.Index(l, 0)..], u[term.Index(l, 0)..]);
        }
    }

    /// <summary>to = T from for one level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyLevel(double[] block, int width, ReadOnlySpan<double> from, Span<double> to)
    {
        for (int r = width - 1; r >= 0; r--)
        {
            double sum = 0;
            for (int c = 0; c <= r; c++) sum += block[r + c * width] * from[c];
            to[r] = sum;
        }
    }

    /// <summary>to = T' from for one level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyLevelTransposed(double[] block, int width, ReadOnlySpan<double> from, Span<double> to)
    {
        for (int c = 0; c < width; c++)
        {
            double sum = 0;
            for (int r = c; r < width; r++) sum += block[r + c * width] * from[r];
            to[c] = sum;
        }
    }

    private void FillLead()
    {
        int width = _layout.LeadWidth;
        for (int t = 0; t < Blocks.Length; t++)
        {
            var term = _layout.Terms[t];
            if (!term.IsLead) continue;
            for (int c = 0; c < term.Width; c++)
            {
                for (int r = c; r < term.Width; r++) Lead[term.Start + r + (term.Start + c) * width] = Blocks[t][r + c * term.Width];
            }
        }
    }
}
