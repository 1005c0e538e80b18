using Terrace.Formulas;
using Terrace.MixedModels;

namespace Terrace.Cli.Options;

/// <summary>The words of <c>--df</c>, and which models they suit.</summary>
internal static class DegreesOfFreedomChoice
{
    /// <summary>The words of the option.</summary>
    public static readonly string[] Words = ["satterthwaite", "kenward-roger", "none"];

    /// <summary>The method of a word; null where there is no word.</summary>
    public static DegreesOfFreedomMethod? Method(string? word) => word switch
    {
        null => null,
        "satterthwaite" => DegreesOfFreedomMethod.Satterthwaite,
        "kenward-roger" => DegreesOfFreedomMethod.KenwardRoger,
        _ => DegreesOfFreedomMethod.None,
    };

    /// <summary>The tests of a fit by the method that was chosen, or by default.</summary>
    public static CoefficientTests? Tests(MixedModelFit fit, DegreesOfFreedomMethod? chosen, CancellationToken cancellation = default) =>
        chosen is { } method ? CoefficientTests.Of(fit, method, cancellation) : CoefficientTests.ByDefault(fit, cancellation);

    /// <summary>What to say where a linear mixed model has no tests though nobody declined them; otherwise null.</summary>
    public static string? Remark(MixedModelFit? fit, CoefficientTests? tests, DegreesOfFreedomMethod? chosen)
    {
        if (chosen is not null || tests is not null || fit is not { Engine: "reml" or "ml" }) return null;
        return fit.Joint.Factorisation == Factorisation.Iterative
            ? "no degrees of freedom were computed, since Satterthwaite's need an exact factor of the random effects and this model was fitted iteratively; --df none says that none are wanted."
            : "no degrees of freedom were computed, since for this model that takes time: --df satterthwaite computes them, --df none does without.";
    }

    /// <summary>Checks that the model that <paramref name="engine"/> fits has such degrees of freedom.</summary>
    /// <exception cref="UsageException">It has not.</exception>
    public static void Check(DegreesOfFreedomMethod? method, Formula formula, string engine)
    {
        if (method is null or DegreesOfFreedomMethod.None) return;
        string option = method == DegreesOfFreedomMethod.Satterthwaite ? "--df satterthwaite" : "--df kenward-roger";
        if (formula.RandomTerms.Count == 0)
            throw new UsageException($"{option} is for models with group-level terms such as (1 | group); without them the degrees of freedom are known. Leave the option out.");
        if (QuadratureEngine.PointsOf(engine) is not null)
            throw new UsageException($"{option} is for Gaussian mixed models; the tests of other mixed models are of z and have no degrees of freedom. Leave the option out.");
        if (method == DegreesOfFreedomMethod.KenwardRoger && engine != "reml")
            throw new UsageException($"{option} is defined for fits by restricted maximum likelihood; use --engine reml, or --df satterthwaite.");
    }
}
