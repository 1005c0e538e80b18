using System.CommandLine;
using Terrace.Inference.Approximations;
using static Terrace.Cli.Options.OptionValues;

namespace Terrace.Cli.Options;

/// <summary>The options of <c>terrace stan</c> for searches: for a mode, along the paths of Pathfinder, for a variational approximation. Names and defaults are CmdStan's, with hyphens.</summary>
internal sealed class StanSearchChoices
{
    private static readonly string[] Searches = ["optimize", "laplace", "pathfinder"];

    private readonly Option<string> _iterations = Text("--iterations", "N", "largest number of iterations of a search (default 2000; pathfinder 1000, variational 10000)");
    private readonly Option<string> _objective = Text("--tol-obj", "T", "the search ends when the log density changes by less (default 1e-12)");
    private readonly Option<string> _relativeObjective = Text("--tol-rel-obj", "T", "… by less relative to its size, in units of the machine's precision (default 1e4); of variational: of the lower bound (default 0.01)");
    private readonly Option<string> _gradient = Text("--tol-grad", "T", "… when the gradient is shorter (default 1e-8)");
    private readonly Option<string> _relativeGradient = Text("--tol-rel-grad", "T", "… when the rise that gradient and curvature promise is less relative to the log density, in units of the machine's precision (default 1e7)");
    private readonly Option<string> _parameters = Text("--tol-param", "T", "… when the parameters move by less (default 1e-8)");
    private readonly Option<string> _history = Text("--history-size", "N", "steps that lbfgs remembers (default 5; pathfinder 6)");
    private readonly Option<string> _step = Text("--init-alpha", "A", "first step of lbfgs and bfgs in units of the gradient (default 0.001)");
    private readonly Option<string> _paths = Text("--paths", "N", "of pathfinder: number of paths (default 4)");

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> Options => [_iterations, _objective, _relativeObjective, _gradient, _relativeGradient, _parameters, _history, _step, _paths];

    /// <summary>The methods that each suits.</summary>
    public IEnumerable<(Option Option, string[] Methods)> Particular()
    {
        foreach (Option option in (Option[])[_iterations, _relativeObjective]) yield return (option, [.. Searches, "variational"]);
        foreach (Option option in (Option[])[_objective, _gradient, _relativeGradient, _parameters, _history, _step]) yield return (option, Searches);
        yield return (_paths, ["pathfinder"]);
    }

    /// <summary>Adds what the command line says.</summary>
    /// <exception cref="UsageException">A value is not possible, or does not suit the algorithm.</exception>
    public StanRunSettings Read(ParseResult parsed, StanRunSettings settings)
    {
        if (settings.Algorithm == ModeAlgorithm.Bfgs && parsed.Read(_history) is not null) throw new UsageException("--history-size belongs to --algorithm lbfgs: bfgs keeps all steps.");
        if (settings.Algorithm == ModeAlgorithm.Newton && (parsed.Read(_history) ?? parsed.Read(_step)) is not null)
            throw new UsageException($"{(parsed.Read(_history) is null ? "--init-alpha" : "--history-size")} does not suit --algorithm newton, which computes the curvature.");
        int? iterations = parsed.ReadInteger(_iterations, 1), history = parsed.ReadInteger(_history, 1);
        double? objective = parsed.ReadAmount(_objective), relativeObjective = parsed.ReadAmount(_relativeObjective), gradient = parsed.ReadAmount(_gradient);
        double? relativeGradient = parsed.ReadAmount(_relativeGradient), parameters = parsed.ReadAmount(_parameters), step = parsed.ReadAmount(_step);
        if (step == 0) throw new UsageException("--init-alpha needs a number above 0.");
        return settings with
        {
            Search = defaults => defaults with
            {
                Iterations = iterations ?? defaults.Iterations,
                History = history ?? defaults.History,
                InitialStep = step ?? defaults.InitialStep,
                ToleranceObjective = objective ?? defaults.ToleranceObjective,
                ToleranceRelativeObjective = relativeObjective ?? defaults.ToleranceRelativeObjective,
                ToleranceGradient = gradient ?? defaults.ToleranceGradient,
                ToleranceRelativeGradient = relativeGradient ?? defaults.ToleranceRelativeGradient,
                ToleranceParameters = parameters ?? defaults.ToleranceParameters,
            },
            Paths = parsed.ReadInteger(_paths, 1) ?? 4,
            Iterations = iterations,
            Tolerance = relativeObjective,
        };
    }
}
