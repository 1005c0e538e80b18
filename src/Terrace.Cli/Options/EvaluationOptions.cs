using System.CommandLine;

namespace Terrace.Cli.Options;

/// <summary>What is asked of a Bayesian fit's cross-validation.</summary>
/// <param name="Folds">The number of folds, or null.</param>
/// <param name="By">The grouping factor whose levels are left out whole, or null.</param>
/// <param name="MatchMoments">Whether draws are moved for rows of high Pareto k.</param>
/// <param name="PitFile">Where the probability integral transforms go, or null.</param>
internal sealed record EvaluationSettings(int? Folds = null, string? By = null, bool MatchMoments = false, string? PitFile = null);

/// <summary>The options of <c>fit</c> that judge a Bayesian model by rows it has not seen.</summary>
internal sealed class EvaluationOptions
{
    private readonly Option<string> _folds = OptionValues.Text("--kfold", "N", "cross-validate by N folds too, each a fit of its own");
    private readonly Option<string> _by = OptionValues.Text("--kfold-by", "G", "leave out whole levels of this grouping factor (with --kfold)");
    private readonly Option<bool> _moments = OptionValues.Flag("--loo-moment-match", "move the draws for rows whose Pareto k is above 0.7");
    private readonly Option<string> _pit = OptionValues.Text("--loo-pit", "FILE", "write where each row's response lies in its distribution without the row: row, pit, lower, upper");

    /// <summary>The options under their heading.</summary>
    public OptionGroup Group() => new("Cross-validation (--engine nuts)", [_folds, _by, _moments, _pit]);

    /// <summary>What the command line says.</summary>
    /// <exception cref="UsageException">A value is not possible.</exception>
    public EvaluationSettings Read(ParseResult parsed, bool isBayesian)
    {
        var settings = new EvaluationSettings(parsed.ReadInteger(_folds, 2), parsed.Read(_by), parsed.IsGiven(_moments), parsed.Read(_pit));
        if (settings.By is not null && settings.Folds is null) throw new UsageException("--kfold-by chooses what the folds leave out; give their number too: --kfold 10.");
        if (!isBayesian && settings != new EvaluationSettings())
        {
            string given = settings.Folds is not null ? "--kfold" : settings.MatchMoments ? "--loo-moment-match" : "--loo-pit";
            throw new UsageException($"{given} is for Bayesian models; give --engine nuts too, or leave it out.");
        }
        return settings;
    }
}
