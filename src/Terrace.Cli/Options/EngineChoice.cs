using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;

namespace Terrace.Cli.Options;

/// <summary>Which engine fits a model: the one asked for, if it can, or the usual one.</summary>
internal static class EngineChoice
{
    private const string Quadrature = "agq:K";

    /// <summary>The engine for a formula and a family.</summary>
    /// <exception cref="UsageException">The engine asked for does not fit such models.</exception>
    public static string For(Formula formula, Family family, string? requested)
    {
        string[] possible = Possible(formula, family);
        if (requested is null) return possible[0];
        if (possible.Contains(requested) || (possible.Contains(Quadrature) && QuadratureEngine.PointsOf(requested) is not null)) return requested;
        string kind = formula.RandomTerms.Count == 0 ? "a model without group-level terms such as (1 | group)"
            : IsLinear(family) ? "a Gaussian mixed model" : $"a {family.Name} mixed model";
        throw new UsageException($"--engine {requested} does not fit {kind}; use {string.Join(" or ", possible)}, or leave the option out.");
    }

    private static string[] Possible(Formula formula, Family family) =>
        formula.RandomTerms.Count == 0 ? ["ml"] : IsLinear(family) ? ["reml", "ml"] : ["laplace", Quadrature];

    private static bool IsLinear(Family family) => family.IsGaussian && family.Link == Link.Identity;
}
