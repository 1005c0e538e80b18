using System.Globalization;
using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>
/// The priors inv_gamma(ε, ε) and gamma(ε, ε) on a standard deviation. The first was meant for a variance, the second for a precision; and even there the posterior of a group-level variance depends on ε
/// (Gelman 2006, "Prior distributions for variance parameters in hierarchical models", §4.3).
/// </summary>
internal static class VagueGammaPriors
{
    private const double Small = 0.01;

    /// <summary>Warns at each such prior of a parameter that is the scale of some distribution.</summary>
    public static void Check(List<DensityTerm> terms, DiagnosticBag diagnostics)
    {
        HashSet<IrSymbol> scales = [.. terms.Select(term => term.Scale).OfType<IrExpression>().Select(DensityTerm.Root).OfType<IrSymbol>()];
        foreach (DensityTerm term in terms)
        {
            if (term.Distribution is not ("inv_gamma" or "gamma") || term.Arguments.Count != 2 || DensityTerm.Root(term.Outcome) is not { } sigma || !scales.Contains(sigma)) continue;
            if (DensityTerm.Literal(term.Arguments[0]) is not (> 0 and <= Small) || DensityTerm.Literal(term.Arguments[1]) is not (> 0 and <= Small)) continue;
            string a = DensityTerm.Literal(term.Arguments[0])!.Value.ToString(CultureInfo.InvariantCulture), b = DensityTerm.Literal(term.Arguments[1])!.Value.ToString(CultureInfo.InvariantCulture);
            string meant = term.Distribution == "inv_gamma" ? "variance" : "precision";
            diagnostics.Warn("vague-gamma-prior",
                $"`{term.Distribution}({a}, {b})` is put on `{sigma.Name}`, a standard deviation; the old default of this form was meant for the {meant}, so this is not even that prior, and that one is not vague either: with few groups the result depends on {a}",
                term.Span, $"write `{sigma.Name} ~ normal(0, s);` or `{sigma.Name} ~ student_t(3, 0, s);` with `{sigma.Name}` declared `<lower=0>` and s a plausible size of the standard deviation");
        }
    }
}
