using System.CommandLine;
using Terrace.Poststratification;
using static Terrace.Cli.Options.OptionValues;

namespace Terrace.Cli.Options;

/// <summary>The options of <c>terrace mrp</c> about the population, the areas and the intervals.</summary>
internal sealed class MrpChoices
{
    private readonly Option<string> _population = Required("--population", "FRAME", "the cells of the population with their counts: .csv or .csv.gz");
    private readonly Option<string> _count = Text("--count", "COL", "the column of the counts (default N)");
    private readonly Option<string[]> _by = Repeated("--by", "A,B", "estimate for every area: each level, or combination of levels, of these variables");
    private readonly Option<string> _map = Text("--map", "FILE", "an accepted recoding of levels, {\"state\": {\"Calif.\": \"CA\"}}");
    private readonly Option<string> _suggestMap = Text("--suggest-map", "FILE", "write a proposal for --map to look through, if there is one, and fit nothing");
    private readonly Option<string> _interval = Text("--interval", "KIND",
        "default; bootstrap[:N] keeps the group effects; bootstrap-new[:N] draws new ones; article: averaged bounds of two standard errors, too wide");
    private readonly Option<string> _newLevels = Text("--new-levels", "KIND", "effects of levels without respondents in Bayesian fits: gaussian (default), uncertainty or old-levels, as in 'terrace predict'");
    private readonly Option<string> _truth = Text("--truth", "FILE", "known values of the areas, to compare with");
    private readonly Option<string> _out = Text("--out", "DIR", "write estimates.csv, model.json and the draws there");

    /// <summary>The options under their heading.</summary>
    public OptionGroup Group() => new("Population and estimates", [_population, _count, _by, _map, _suggestMap, _interval, _newLevels, _truth, _out]);

    /// <summary>What the command line says.</summary>
    public MrpSettings Read(ParseResult parsed) => new()
    {
        PopulationFile = parsed.GetRequiredValue(_population),
        CountColumn = parsed.Read(_count) ?? "N",
        By = [.. parsed.Read(_by).Select(names => new Grouping([.. ListText.Split(names)]))],
        MapFile = parsed.Read(_map),
        SuggestMapFile = parsed.Read(_suggestMap),
        Interval = ReadInterval(parsed.Read(_interval)),
        NewLevels = parsed.ReadChoice(_newLevels, PredictionChoices.NewLevelKinds),
        TruthFile = parsed.Read(_truth),
        OutDirectory = parsed.Read(_out),
    };

    private static MrpInterval ReadInterval(string? text)
    {
        try
        {
            return text is null ? MrpInterval.Default : MrpInterval.Parse(text);
        }
        catch (ModelException fault)
        {
            throw new UsageException($"--interval: {fault.Message}");
        }
    }
}
