using System.CommandLine;
using static Terrace.Cli.Options.OptionValues;

namespace Terrace.Cli.Options;

/// <summary>The options of <c>terrace fit</c> that ask for more than the estimates.</summary>
internal sealed class DiagnosticOptions
{
    private readonly Option<bool> _diagnose = Flag("--diagnose", "convergence, R² and intraclass correlations, principal components of the random effects, explained variance and pooling of each level");
    private readonly Option<string> _restarts = Text("--restarts", "N", "search again from N dispersed starts and by Nelder-Mead (with --diagnose)");
    private readonly Option<bool> _display = Flag("--display", "the short layout of arm's display instead of the summary");
    private readonly Option<bool> _detail = Flag("--detail", "with --display: t or z values and p-values too");
    private readonly Option<string> _digits = Text("--digits", "N", "with --display: digits after the point (default 2)");
    private readonly Option<bool> _poolings = Flag("--poolings", "complete, no and partial pooling of the groups side by side, with each group's pooling weight");
    private readonly Option<string> _rows = Text("--diagnostics-out", "FILE.csv", "write residuals, leverage and influence of every row");
    private readonly Option<string> _groups = Text("--influence-out", "FILE.csv", "write the influence of every group: the fixed effects without it");
    private readonly Option<string> _influence = Text("--influence", "KIND", "one-step, at the estimated variances, or exact, by refitting without each group (default one-step)");

    /// <summary>The options under their heading.</summary>
    public OptionGroup Group() => new("Diagnostics", [_diagnose, _restarts, _poolings, _display, _detail, _digits, _rows, _groups, _influence]);

    /// <summary>What the command line asks for.</summary>
    /// <exception cref="UsageException">A value is not possible.</exception>
    public DiagnosticSettings Read(ParseResult parsed)
    {
        var settings = new DiagnosticSettings
        {
            Diagnose = parsed.IsGiven(_diagnose),
            Restarts = parsed.ReadInteger(_restarts, 0),
            Display = parsed.IsGiven(_display),
            Detail = parsed.IsGiven(_detail),
            Digits = parsed.ReadInteger(_digits, 0) ?? 2,
            Poolings = parsed.IsGiven(_poolings),
            RowsFile = parsed.Read(_rows),
            InfluenceFile = parsed.Read(_groups),
            ExactInfluence = parsed.ReadChoice(_influence, ["one-step", "exact"]) == "exact",
        };
        Needs(parsed, _detail, _display);
        Needs(parsed, _digits, _display);
        Needs(parsed, _influence, _groups);
        if (settings.Digits > 15) throw new UsageException("--digits needs a whole number of at most 15.");
        if (settings.Restarts > 1000) throw new UsageException("--restarts needs a whole number of at most 1000.");
        return settings.Restarts is null ? settings : settings with { Diagnose = true };
    }

    /// <summary>Refuses an option that says nothing without another one.</summary>
    private static void Needs(ParseResult parsed, Option option, Option other)
    {
        if (parsed.GetResult(option) is not { Implicit: false } || parsed.GetResult(other) is { Implicit: false }) return;
        throw new UsageException($"{option.Name} says how {other.Name} is done; give {other.Name}{(other.HelpName is { } value ? $" {value}" : "")} too, or leave {option.Name} out.");
    }
}

/// <summary>Which diagnostics are wanted.</summary>
internal sealed record DiagnosticSettings
{
    /// <summary>Whether to diagnose the fit.</summary>
    public bool Diagnose { get; init; }

    /// <summary>How many other starts to search from; null for no restarts at all.</summary>
    public int? Restarts { get; init; }

    /// <summary>Whether to print arm's layout.</summary>
    public bool Display { get; init; }

    /// <summary>Whether arm's layout has test statistics.</summary>
    public bool Detail { get; init; }

    /// <summary>The digits after the point in arm's layout.</summary>
    public int Digits { get; init; } = 2;

    /// <summary>Whether to compare the three poolings.</summary>
    public bool Poolings { get; init; }

    /// <summary>The file for the rows.</summary>
    public string? RowsFile { get; init; }

    /// <summary>The file for the groups.</summary>
    public string? InfluenceFile { get; init; }

    /// <summary>Whether to refit without each group.</summary>
    public bool ExactInfluence { get; init; }

    /// <summary>Refuses what a model cannot give: one without group-level terms, a nonlinear one, or one with parameters beside the mean.</summary>
    /// <exception cref="UsageException">An option was given that does not suit the model.</exception>
    public void Check(bool isNonlinear, bool isDistributional, bool hasGroups)
    {
        string kind = isNonlinear ? "nonlinear models" : "models with a dispersion, zero part or further parameters";
        string? option = Poolings ? "--poolings" : InfluenceFile is not null ? "--influence-out" : Display ? "--display" : null;
        if (option is not null && (isNonlinear || isDistributional)) throw new UsageException($"{option} is not for {kind}; leave it out.");
        string? searched = Restarts is not null ? "--restarts" : Diagnose ? "--diagnose" : null;
        if (!isDistributional) option = searched ?? (option == "--display" ? null : option);
        if (option is null || hasGroups || isDistributional) return;
        throw new UsageException($"{option} needs group-level terms such as (1 | group) in the formula; for a model without them there is --diagnostics-out FILE.csv.");
    }
}
