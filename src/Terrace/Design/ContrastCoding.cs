namespace Terrace.Design;

/// <summary>The ways of turning a factor into columns.</summary>
public enum ContrastKind
{
    /// <summary>Each level against the reference level (R's default for factors).</summary>
    Treatment,

    /// <summary>Deviations from the mean of the levels; the last level is minus the sum of the others.</summary>
    Sum,

    /// <summary>Each level against the mean of those before it.</summary>
    Helmert,

    /// <summary>Orthogonal polynomials in the position of the level (R's default for ordered factors).</summary>
    Polynomial,

    /// <summary>Each level against the first one, the columns centred so that they add up to 0 over the levels: treatment contrasts whose intercept is the mean of the levels.</summary>
    Simple,
}

/// <summary>
/// A factor's coding: the matrix C (levels × levels − 1) whose row is the factor's part of the design, as R's <c>contr.treatment</c>, <c>contr.sum</c>,
/// <c>contr.helmert</c> and <c>contr.poly</c>.
/// </summary>
/// <param name="Kind">Which coding.</param>
/// <param name="Reference">The reference level of treatment contrasts; null for the first.</param>
public sealed record ContrastCoding(ContrastKind Kind, string? Reference = null)
{
    /// <summary>Parses <c>treatment</c>, <c>treatment:REF</c>, <c>sum</c>, <c>helmert</c>, <c>poly</c> or <c>simple</c>.</summary>
    /// <exception cref="ModelException">Another word.</exception>
    public static ContrastCoding Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith("treatment:", StringComparison.Ordinal)) return new ContrastCoding(ContrastKind.Treatment, text["treatment:".Length..]);
        return text switch
        {
            "treatment" => new ContrastCoding(ContrastKind.Treatment),
            "sum" => new ContrastCoding(ContrastKind.Sum),
            "helmert" => new ContrastCoding(ContrastKind.Helmert),
            "poly" => new ContrastCoding(ContrastKind.Polynomial),
            "simple" => new ContrastCoding(ContrastKind.Simple),
            _ => throw new ModelException($"There is no contrast '{text}'; it is one of treatment, treatment:REFERENCE, sum, helmert, poly, simple."),
        };
    }

    /// <summary>The coding as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Kind switch
    {
        ContrastKind.Treatment => Reference is null ? "treatment" : $"treatment:{Reference}",
        ContrastKind.Polynomial => "poly",
        ContrastKind.Sum => "sum",
        ContrastKind.Simple => "simple",
        _ => "helmert",
    };
}
