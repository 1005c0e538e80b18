using System.CommandLine;
using Terrace.Bayes;
using Terrace.Predictions;
using static Terrace.Cli.Options.OptionValues;

namespace Terrace.Cli.Options;

/// <summary>The options of <c>terrace predict</c> that say what is predicted.</summary>
internal sealed class PredictionChoices
{
    private readonly Option<string> _interval = Text("--interval", "KIND",
        "mean: of the mean given the row's groups (default); group: of the mean in new groups; outcome: of a single new outcome");
    private readonly Option<string> _level = Text("--level", "P", "probability of the intervals (default 0.95)");
    private readonly Option<string> _random = Text("--random", "all|none|G,…", "the grouping factors whose effects count (default all)");
    private readonly Option<string> _type = Text("--type", "response|link", "the scale of predictions (default response)");
    private readonly Option<string> _newLevels = Text("--new-levels", "KIND", "effects of levels that a Bayesian fit has not seen: gaussian (default), of the distribution of the levels; uncertainty, of a level chosen anew in each draw; old-levels, of one level");
    private readonly Option<string> _out = Text("--out", "FILE", "write the predictions to a CSV file");

    /// <summary>The names of the kinds of new levels' effects.</summary>
    public static IReadOnlyList<string> NewLevelKinds { get; } = ["gaussian", "uncertainty", "old-levels"];

    /// <summary>The kind of a name; Gaussian where none is given.</summary>
    public static NewLevelEffects Kind(string? name) => name switch { "uncertainty" => NewLevelEffects.Uncertainty, "old-levels" => NewLevelEffects.OldLevels, _ => NewLevelEffects.Gaussian };

    /// <summary>The options under their heading.</summary>
    public OptionGroup Group() => new("Prediction", [_interval, _level, _random, _type, _newLevels, _out]);

    /// <summary>The file for the predictions, or null.</summary>
    public string? ReadOut(ParseResult parsed) => parsed.Read(_out);

    /// <summary>What the command line says about predictions.</summary>
    public PredictionOptions Read(ParseResult parsed)
    {
        var options = new PredictionOptions
        {
            Interval = parsed.ReadChoice(_interval, ["mean", "group", "outcome"]) switch
            {
                "group" => PredictionInterval.Group,
                "outcome" => PredictionInterval.Outcome,
                _ => PredictionInterval.Mean,
            },
            Scale = parsed.ReadChoice(_type, ["response", "link"]) == "link" ? PredictionScale.Link : PredictionScale.Response,
            Level = parsed.ReadProbability(_level) ?? 0.95,
            NewLevelEffects = Kind(parsed.ReadChoice(_newLevels, NewLevelKinds)),
            Groups = parsed.Read(_random) switch { null or "all" => null, "none" => [], var groups => ListText.Split(groups) },
        };
        if (options is { Interval: PredictionInterval.Outcome, Scale: PredictionScale.Link })
            throw new UsageException("--interval outcome has no --type link: a new outcome is on the scale of the response.");
        return options;
    }
}
