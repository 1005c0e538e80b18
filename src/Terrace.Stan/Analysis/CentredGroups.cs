using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>Group effects in their centred form, whose posterior narrows to a funnel when groups have few data (Betancourt and Girolami 2015, "Hamiltonian Monte Carlo for hierarchical models").</summary>
internal static class CentredGroups
{
    /// <summary>Hints at a vector of parameters with a normal distribution whose scale is a parameter too.</summary>
    public static void Check(List<DensityTerm> terms, ParameterDependence dependence, DiagnosticBag diagnostics)
    {
        foreach (DensityTerm term in terms)
        {
            if (term.Distribution is not ("normal" or "student_t") || term.Scale is not { } scale) continue;
            if (DensityTerm.Root(term.Outcome) is not { Kind: SymbolKind.Parameter, Constraint.Kind: ConstraintKind.None } effects || effects.Type.IsScalar) continue;
            if (DensityTerm.Root(scale) is not { } sigma || dependence.Parameters(scale).Count == 0) continue;
            string location = term.Arguments[^2].Span.ToString(), spread = scale.Span.ToString();
            bool simple = term.Arguments[^2].Type.IsScalar && scale.Type.IsScalar && term.Arguments[^2] is not IrIndexed && scale is not IrIndexed;
            string instead = simple ? $"declare it `{effects.Type}<offset={location}, multiplier={spread}>` and leave the rest as it is" : "draw standardised effects and multiply them by the standard deviations in `transformed parameters`";
            diagnostics.Warn("centred-effects", $"`{effects.Name}` is drawn around `{location}` with the estimated standard deviation `{spread}`: the centred form, which mixes badly when groups have few data", term.Span,
                $"in that case {instead}; with many data in each group the centred form is right");
        }
    }
}
