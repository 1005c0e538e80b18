using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>A uniform prior whose ends the declaration of the parameter does not share: outside the density is 0, and the sampler goes there.</summary>
internal static class UniformBounds
{
    /// <summary>Warns at each such prior.</summary>
    public static void Check(List<DensityTerm> terms, DiagnosticBag diagnostics)
    {
        foreach (DensityTerm term in terms)
        {
            if (term.Distribution != "uniform" || term.Arguments.Count != 2 || DensityTerm.Root(term.Outcome) is not { Kind: SymbolKind.Parameter } parameter) continue;
            IrConstraint c = parameter.Constraint;
            bool lower = c.IsBounds && Same(c.First, term.Arguments[0], false), upper = c.IsBounds && Same(c.Second, term.Arguments[1], true);
            if (lower && upper) continue;
            string a = term.Arguments[0].Span.ToString(), b = term.Arguments[1].Span.ToString();
            diagnostics.Warn("uniform-bounds", $"the density of `{parameter.Name}` is 0 outside {a} to {b}, but its declaration allows values beyond, which the sampler will meet", term.Span,
                $"declare it with `<lower={a}, upper={b}>`, or better, use a soft prior such as a normal one");
        }
    }

    /// <summary>Whether the declared bound keeps the parameter within the end of the interval.</summary>
    private static bool Same(IrExpression? bound, IrExpression end, bool upper)
    {
        if (bound is null) return false;
        if (DensityTerm.Literal(bound) is { } a && DensityTerm.Literal(end) is { } b) return upper ? a <= b : a >= b;
        return bound.Span.ToString() == end.Span.ToString();
    }
}
