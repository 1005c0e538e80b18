using Terrace.Families;
using Terrace.Formulas;

namespace Terrace.Cli.Options;

/// <summary>Which options ask for a model with parameters beside the mean, and what suits it.</summary>
internal static class DistributionalChoice
{
    private static readonly string[] Only = ["neg-binomial", "neg-binomial-1", "hurdle-poisson", "hurdle-neg-binomial", "beta", "beta-binomial", "student", "lognormal", "cumulative"];

    /// <summary>Whether a family always has such parameters.</summary>
    public static bool IsOnlyThere(string? family) => family is not null && Only.Contains(family);

    /// <summary>The family and link that the options name.</summary>
    /// <exception cref="UsageException">The family takes none of these formulas, or has no such link.</exception>
    public static ResponseFamily Family(ModelSettings settings)
    {
        string name = settings.Family ?? "gaussian";
        if (!ResponseFamily.Names.Contains(name))
        {
            string option = settings.ZeroInflation is not null ? "--zero-inflation" : "--dispersion";
            string families = settings.ZeroInflation is not null ? "poisson, neg-binomial, neg-binomial-1, hurdle-poisson or hurdle-neg-binomial"
                : "gaussian, neg-binomial, neg-binomial-1, hurdle-neg-binomial, beta, beta-binomial, lognormal or student";
            throw new UsageException($"{option} is not for the {name} family; it is for {families}. Leave it out, or choose one of these.");
        }
        try
        {
            return ResponseFamily.Parse(name, settings.Link);
        }
        catch (ModelException fault)
        {
            throw new UsageException($"--link: {fault.Message}");
        }
    }

    /// <summary>The engine of such a model.</summary>
    /// <exception cref="UsageException">The engine asked for does not fit it.</exception>
    public static string Engine(Formula formula, ResponseFamily family, string? requested)
    {
        string possible = formula.RandomTerms.Count == 0 ? "ml" : "laplace";
        if (requested is null || requested == possible) return possible;
        string kind = formula.RandomTerms.Count == 0 ? $"a {family.Name} model without group-level terms such as (1 | group)" : $"a {family.Name} mixed model";
        throw new UsageException($"--engine {requested} does not fit {kind}{(family.Name is "gaussian" or "poisson" ? " with a formula for its dispersion or zero part" : "")}; use {possible}, or leave the option out.");
    }

    /// <summary>The refusal of such models where poststratification is asked for.</summary>
    public static UsageException NotInMrp(ModelSettings settings)
    {
        string what = settings.ZeroInflation is not null ? "--zero-inflation" : settings.Dispersion is not null ? "--dispersion" : $"--family {settings.Family}";
        return new UsageException($"mrp does not take {what}; it poststratifies gaussian, binomial, poisson, gamma and inverse-gaussian outcomes. Fit the model with 'terrace fit' and predict the cells with 'terrace predict'.");
    }
}
