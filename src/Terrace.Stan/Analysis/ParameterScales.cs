using System.Globalization;
using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>Parameters whose priors, written as numbers, have very different scales: samplers and optimisers start from a unit scale for all.</summary>
internal static class ParameterScales
{
    private const double Ratio = 1e4;

    /// <summary>Warns at the parameter whose scale is farthest from 1, when the largest scale is ten thousand times the smallest.</summary>
    public static void Check(List<DensityTerm> terms, DiagnosticBag diagnostics)
    {
        List<(IrSymbol Parameter, double Scale, DensityTerm Term)> scales = [];
        foreach (DensityTerm term in terms)
            if (DensityTerm.Root(term.Outcome) is { Kind: SymbolKind.Parameter, Constraint.Kind: not ConstraintKind.OffsetMultiplier } p && term.Scale is { } scale && DensityTerm.Literal(scale) is { } value and > 0) scales.Add((p, value, term));
        if (scales.Count < 2) return;
        (IrSymbol Parameter, double Scale, DensityTerm Term) least = scales.MinBy(s => s.Scale), most = scales.MaxBy(s => s.Scale);
        if (most.Scale < Ratio * least.Scale) return;
        (IrSymbol Parameter, double Scale, DensityTerm Term) odd = Math.Abs(Math.Log(most.Scale)) >= Math.Abs(Math.Log(least.Scale)) ? most : least;
        string Text(double x) => x.ToString("R", CultureInfo.InvariantCulture);
        diagnostics.Warn("parameter-scales", $"the priors of `{least.Parameter.Name}` and `{most.Parameter.Name}` have the scales {Text(least.Scale)} and {Text(most.Scale)}, which makes the sampler's steps too long for the one or too short for the other", odd.Term.Span,
            $"measure in other units, or declare `{odd.Parameter.Name}` with `<multiplier={Text(odd.Scale)}>`");
    }
}
