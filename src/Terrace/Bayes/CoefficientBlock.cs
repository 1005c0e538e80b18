using Terrace.Formulas;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>How the standard deviation of a block follows from that of its term.</summary>
internal enum BlockShare
{
    /// <summary>It is that of the term.</summary>
    Whole,

    /// <summary>σ √(1 − φ): the independent part of a mixed spatial term.</summary>
    Independent,

    /// <summary>σ √φ: the spatial part.</summary>
    Spatial,
}

/// <summary>
/// Coefficients w of a group-level term, in groups of its width, that are independent with one covariance TT' given θ (or an autoregression). The effects of the term's levels are u = B w, or w themselves without a basis. A mixed spatial term has two blocks:
/// u = w₁ + B w₂ (Riebler et al. 2016, equation 7, in the scaled parts).
/// </summary>
internal sealed record CoefficientBlock
{
    /// <summary>The index of the term.</summary>
    public required int Term { get; init; }

    /// <summary>The index of the first coefficient.</summary>
    public required int Start { get; init; }

    /// <summary>The number of coefficients.</summary>
    public required int Count { get; init; }

    /// <summary>The number of coefficients that vary together.</summary>
    public required int Width { get; init; }

    /// <summary>B, levels × groups; null for the identity.</summary>
    public Matrix? Basis { get; init; }

    /// <summary>The share of the term's standard deviation.</summary>
    public BlockShare Share { get; init; }

    /// <summary>Whether the coefficients are an autoregression.</summary>
    public bool IsAutoregressive { get; init; }

    /// <summary>The index of the share φ or the autocorrelation ρ among the parameters that are one number; −1 where there is none.</summary>
    public int Parameter { get; init; } = -1;

    /// <summary>Whether the effects are the coefficients, independent from level to level.</summary>
    public bool IsPlain => Basis is null && Share == BlockShare.Whole && !IsAutoregressive;

    /// <summary>The blocks of all terms, the first at <paramref name="start"/>.</summary>
    public static CoefficientBlock[] Of(IReadOnlyList<GroupTerm> terms, int start, IReadOnlyList<AuxiliaryParameter> auxiliary)
    {
        var blocks = new List<CoefficientBlock>();
        for (int k = 0; k < terms.Count; k++)
        {
            foreach (CoefficientBlock block in Of(terms[k], k, auxiliary))
            {
                blocks.Add(block with { Start = start });
                start += block.Count;
            }
        }
        return [.. blocks];
    }

    private static CoefficientBlock[] Of(GroupTerm term, int k, IReadOnlyList<AuxiliaryParameter> auxiliary)
    {
        var whole = new CoefficientBlock { Term = k, Start = 0, Count = term.Count, Width = term.Width };
        if (term.Structure is not { } structure) return [whole];
        int parameter = -1;
        for (int i = 0; i < auxiliary.Count; i++)
            if (auxiliary[i].Name == term.Parameter) parameter = i;
        CoefficientBlock based = structure.Basis is { } basis ? whole with { Count = basis.Columns * term.Width, Basis = basis } : whole;
        return structure.Kind switch
        {
            StructureKind.Autoregressive => [whole with { IsAutoregressive = true, Parameter = parameter }],
            StructureKind.Bym2 => [whole with { Share = BlockShare.Independent, Parameter = parameter }, based with { Share = BlockShare.Spatial, Parameter = parameter }],
            _ => [based],
        };
    }
}
