using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>A parameter that is the scale of a distribution and may be negative by its declaration.</summary>
internal static class UnconstrainedScales
{
    /// <summary>Warns at the first such use of each parameter.</summary>
    public static void Check(List<DensityTerm> terms, DiagnosticBag diagnostics)
    {
        HashSet<IrSymbol> told = [];
        foreach (DensityTerm term in terms)
        {
            if (term.Scale is not { } scale || DensityTerm.Root(scale) is not { Kind: SymbolKind.Parameter } sigma || !told.Add(sigma)) continue;
            if (sigma.Constraint is { Kind: ConstraintKind.Lower or ConstraintKind.LowerUpper or ConstraintKind.PositiveOrdered or ConstraintKind.Simplex })
            {
                if (sigma.Constraint.First is null || DensityTerm.Literal(sigma.Constraint.First) is not < 0) continue;
            }
            diagnostics.Warn("unconstrained-scale", $"`{sigma.Name}` is the scale of `{term.Distribution}`, which must be positive, but its declaration allows negative values", scale.Span, $"declare it with `<lower=0>`, on line {sigma.Span.Line}");
        }
    }
}
