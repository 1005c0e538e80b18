using System.CommandLine;
using Terrace.Families;
using Terrace.MixedModels;
using static Terrace.Cli.Options.OptionValues;

namespace Terrace.Cli.Options;

/// <summary>The options that describe a model and how it is fitted, shared by <c>fit</c> and <c>mrp</c>.</summary>
internal sealed class ModelOptions
{
    // The names are spelled out here, so that the help need not load the families.
    private static readonly string[] FamilyNames = ["gaussian", "binomial", "quasibinomial", "poisson", "quasipoisson", "gamma", "inverse-gaussian",
        "neg-binomial", "neg-binomial-1", "hurdle-poisson", "hurdle-neg-binomial", "beta", "beta-binomial", "student", "lognormal", "cumulative", "categorical"];
    private static readonly string[] LinkNames = ["identity", "log", "logit", "probit", "cloglog", "cauchit", "inverse", "sqrt", "1/mu^2"];
    private static readonly string[] Engines = ["ml", "reml", "laplace", "agq:K", "nuts", "approx", "gibbs", "pathfinder", "meanfield", "fullrank"];

    private readonly Option<string> _family = Text("--family", "NAME", $"{string.Join(", ", FamilyNames)} (default: gaussian; in mrp binomial for yes-or-no outcomes)");
    private readonly Option<string> _link = Text("--link", "NAME", $"{string.Join(", ", LinkNames)} (default: the family's own)");
    private readonly Option<string> _zeroInflation = Text("--zero-inflation", "'~ x'", "formula of the probability of a structural zero, of counts (of a hurdle family: of a zero)");
    private readonly Option<string> _dispersion = Text("--dispersion", "'~ x'", "formula of the logarithm of the dispersion (phi, or sigma), of the families that have one");
    private readonly Option<string> _trials = Text("--trials", "E", "number of trials of each row, a column or an expression: the response counts successes");
    private readonly Option<string> _weights = Text("--weights", "E", "prior weights as in R (precisions; trials of a proportion), not sampling weights");
    private readonly Option<string> _offset = Text("--offset", "E", "a column or an expression added to the linear predictor");
    private readonly Option<string> _engine = Text("--engine", "NAME",
        "ml, reml, laplace, agq:K (quadrature with K points for one grouping factor, agq:0 at the joint mode) nuts (full Bayes), gibbs (the classical sampler of Gaussian and binomial logit models) approx (the fast approximation, which checks itself and falls through to nuts), or pathfinder, meanfield, fullrank (approximations by normal distributions, which warn where they are not to be trusted); several separated by commas are compared (fit); default: ml without group-level terms, reml for Gaussian and laplace for other mixed models");
    private readonly Option<string> _information = Text("--information", "KIND", "standard errors of laplace from the observed or the expected information (default observed; of nonlinear models expected)");
    private readonly Option<string> _factorisation = Text("--factorisation", "KIND", "how random effects are solved for: automatic, dense, sparse (nested factors) or iterative (large crossed factors of linear models)");
    private readonly Option<string> _level = Text("--level", "P", "probability of the intervals (default 0.95)");
    private readonly Option<string> _ci = Text("--ci", "KIND", "intervals of coefficients and variance parameters: wald, profile, restricted-profile[:N] (generalised mixed models, corrected by N simulations), bootstrap[:N] with N refits, or bootstrap-kept[:N] with the group effects at their modes (default wald)");
    private readonly Option<string> _df = Text("--df", "KIND", "t tests of Gaussian mixed models: satterthwaite (default, unless the model is very large), kenward-roger or none");
    private readonly Option<string> _save = Text("--save", "FIT", "write the fit to one file, for 'terrace predict'");

    /// <summary>The options under their heading, with those that only one command has before them.</summary>
    public OptionGroup Group(params ReadOnlySpan<Option> first) => new("Model",
        [.. first, _family, _link, _zeroInflation, _dispersion, _trials, _weights, _offset, _engine, _information, _factorisation, _level, _ci, _df, _save]);

    /// <summary>The options of Bayesian fits.</summary>
    public BayesOptions Bayes { get; } = new();

    /// <summary>What the command line says about the model; with <paramref name="bayesByDefault"/> a Bayesian fit is also made ready where no engine is named.</summary>
    public ModelSettings Read(ParseResult parsed, bool bayesByDefault = false)
    {
        string[] engines = ReadEngines(parsed);
        string? engine = engines.Length == 1 ? engines[0] : null;
        string? bayesian = Array.Find(engines, BayesOptions.IsBayesian) ?? engine ?? engines.FirstOrDefault() ?? (bayesByDefault ? "nuts" : null);
        return new ModelSettings
        {
            Engines = engines.Length > 1 ? engines : [],
            Bayes = Bayes.Read(parsed, bayesian),
            BayesOption = Bayes.Given(parsed),
            DrawsDirectory = Bayes.DrawsDirectory(parsed),
            Family = parsed.ReadChoice(_family, FamilyNames),
            Link = parsed.ReadChoice(_link, LinkNames),
            ZeroInflation = parsed.Read(_zeroInflation),
            Dispersion = parsed.Read(_dispersion),
            Trials = parsed.Read(_trials),
            Weights = parsed.Read(_weights),
            Offset = parsed.Read(_offset),
            Engine = engine,
            AskedInformation = parsed.ReadChoice(_information, ["observed", "expected"]) is { } kind ? Enum.Parse<Information>(kind, ignoreCase: true) : null,
            Factorisation = Enum.Parse<Factorisation>(parsed.ReadChoice(_factorisation, ["automatic", "dense", "sparse", "iterative"]) ?? "automatic", ignoreCase: true),
            ShowsIntervals = parsed.Read(_level) is not null || parsed.Read(_ci) is not null,
            DegreesOfFreedom = DegreesOfFreedomChoice.Method(parsed.ReadChoice(_df, DegreesOfFreedomChoice.Words)),
            Level = parsed.ReadProbability(_level) ?? 0.95,
            Intervals = IntervalChoice.Parse(parsed.Read(_ci)),
            SaveFile = parsed.Read(_save),
        };
    }

    /// <summary>The engines, separated by commas; none where the option was not given.</summary>
    private string[] ReadEngines(ParseResult parsed)
    {
        if (parsed.Read(_engine) is not { } text) return [];
        string[] engines = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Known)];
        if (engines.Length == 0) throw new UsageException("--engine needs a name, or several separated by commas, as in ml,nuts.");
        return engines.GroupBy(engine => engine).FirstOrDefault(same => same.Count() > 1) is { } twice ? throw new UsageException($"--engine names {twice.Key} twice; name each engine once.") : engines;
    }

    private static string Known(string text)
    {
        if (QuadratureEngine.PointsOf(text) is not null && text.StartsWith("agq", StringComparison.Ordinal)) return text;
        if (text.StartsWith("agq", StringComparison.Ordinal)) throw new UsageException($"--engine '{text}' is not known; agq:K takes a number of quadrature points from 0 to {QuadratureEngine.LargestCount}, as in agq:9.");
        return Engines.Contains(text) ? text : throw new UsageException($"--engine '{text}' is not known{Suggestion.For(text, Engines)}; it is one of {string.Join(", ", Engines)}.");
    }
}
