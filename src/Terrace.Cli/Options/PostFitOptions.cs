using System.CommandLine;

namespace Terrace.Cli.Options;

/// <summary>What is asked of a Bayesian fit once it stands.</summary>
/// <param name="Hypotheses">The hypotheses.</param>
/// <param name="CheckFile">Where the posterior predictive check goes, or null.</param>
/// <param name="CheckBy">The grouping factor by whose levels means are checked too, or null.</param>
/// <param name="Effects">The predictors whose conditional effects are wanted.</param>
/// <param name="EffectsFile">Where these go, or null.</param>
/// <param name="RstanarmLayout">Whether the summary is laid out as rstanarm's and not as brms's.</param>
internal sealed record PostFitSettings(IReadOnlyList<string> Hypotheses, string? CheckFile, string? CheckBy, IReadOnlyList<string> Effects, string? EffectsFile, bool RstanarmLayout)
{
    /// <summary>Whether anything is asked for.</summary>
    public bool Any => Hypotheses.Count > 0 || CheckFile is not null || Effects.Count > 0 || RstanarmLayout;
}

/// <summary>The options of <c>fit</c> that ask something of a Bayesian fit: hypotheses, predictive checks, conditional effects.</summary>
internal sealed class PostFitOptions
{
    private readonly Option<string[]> _hypotheses = OptionValues.Repeated("--hypothesis", "'H'", "judge a hypothesis by the draws: 'floor < 0', 'x = 2 * z', 'sd[county,(Intercept)] > 0.3'");
    private readonly Option<string> _check = OptionValues.Text("--ppc", "FILE", "posterior predictive check: statistics of the responses beside those of replicated ones");
    private readonly Option<string> _checkBy = OptionValues.Text("--ppc-by", "G", "the mean in each level of this grouping factor too (with --ppc)");
    private readonly Option<string[]> _effects = OptionValues.Repeated("--effects", "X", "conditional effect of a predictor: expected responses over its values, others at their mean or first level (with --effects-out)");
    private readonly Option<string> _effectsFile = OptionValues.Text("--effects-out", "FILE", "where the conditional effects go");

    private readonly Option<string> _layout = OptionValues.Text("--layout", "KIND", "the summary as brms (default) or rstanarm prints it: means and intervals, or medians and MAD_SD");

    /// <summary>The options under their heading.</summary>
    public OptionGroup Group() => new("After the fit (--engine nuts)", [_hypotheses, _check, _checkBy, _effects, _effectsFile, _layout]);

    /// <summary>What the command line says.</summary>
    /// <exception cref="UsageException">Options do not go together.</exception>
    public PostFitSettings Read(ParseResult parsed, bool isBayesian)
    {
        var settings = new PostFitSettings(parsed.Read(_hypotheses), parsed.Read(_check), parsed.Read(_checkBy), parsed.Read(_effects), parsed.Read(_effectsFile), parsed.ReadChoice(_layout, ["brms", "rstanarm"]) == "rstanarm");
        if (settings.CheckBy is not null && settings.CheckFile is null) throw new UsageException("--ppc-by goes with --ppc FILE; give that too.");
        if (settings.Effects.Count > 0 != settings.EffectsFile is not null) throw new UsageException("--effects X and --effects-out FILE go together; give both.");
        if (!isBayesian && settings.Any) throw new UsageException($"{(settings.Hypotheses.Count > 0 ? "--hypothesis" : settings.CheckFile is not null ? "--ppc" : settings.RstanarmLayout ? "--layout" : "--effects")} is for Bayesian models; give --engine nuts too, or leave it out.");
        return settings;
    }
}
