using System.CommandLine;
using Terrace.Bayes;
using Terrace.Inference.Sampling;
using static Terrace.Cli.Options.OptionValues;

namespace Terrace.Cli.Options;

/// <summary>The options of a Bayesian fit, shared by <c>fit</c> and <c>mrp</c>.</summary>
internal sealed class BayesOptions
{
    private static readonly string[] Metrics = ["diag", "dense", "unit"];

    private readonly Option<string> _preset = Text("--priors", "SET", "default priors: rstanarm or brms (default rstanarm)");
    private readonly Option<string[]> _prior = Repeated("--prior", "'D on T'", "a prior of your own, as in 'normal(0, 1) on b:age' or 'horseshoe() on b'; T is b, b:NAME, intercept, sd, sd:GROUP, sd:GROUP:TERM, cor:GROUP, sigma or another parameter of the family");
    private readonly Option<bool> _priorOnly = Flag("--prior-only", "leave the data out and draw from the prior");
    private readonly Option<string> _chains = Text("--chains", "N", "number of chains (default 4)");
    private readonly Option<string> _warmup = Text("--warmup", "N", "warm-up iterations of each chain (default 1000; in whitened coordinates 200)");
    private readonly Option<string> _draws = Text("--draws", "N", "iterations of each chain after warm-up (default 1000)");
    private readonly Option<string> _thin = Text("--thin", "N", "keep every Nth draw (default 1)");
    private readonly Option<string> _delta = Text("--adapt-delta", "P", "target acceptance of the sampler (default 0.95 with --priors rstanarm, 0.99 there with a shrinkage prior, 0.8 with brms and in whitened coordinates)");
    private readonly Option<string> _depth = Text("--max-treedepth", "N", "largest number of doublings of a trajectory (default 15 with --priors rstanarm, 10 with brms)");
    private readonly Option<string> _metric = Text("--metric", "KIND", "diag, dense or unit (default diag)");
    private readonly Option<string> _sampler = Text("--sampler", "KIND", "auto, plain (non-centred coordinates) or whitened (conditionally whitened ones, for large surveys); default auto, by the size of the model");
    private readonly Option<string> _init = Text("--init", "R", "initial values between -R and R on the unconstrained scale (default 2)");

    private readonly Option<bool> _saveWarmup = Flag("--save-warmup", "keep the warm-up draws too (with --draws-out)");
    private readonly Option<string> _drawsOut = Text("--draws-out", "DIR", "write the draws as CmdStan CSV, one file a chain: DIR/model-1.csv …; 'terrace summarize' and R's posterior read them");

    /// <summary>The options under their heading; the folder for draws only where a command has it.</summary>
    public OptionGroup Group(bool drawsOut = false) => new("Bayes (--engine nuts)", drawsOut ? [.. All, _saveWarmup, _drawsOut] : All);

    /// <summary>The folder for the draws, or null.</summary>
    public string? DrawsDirectory(ParseResult parsed) => parsed.Read(_drawsOut);

    private Option[] All => [_preset, _prior, _priorOnly, _chains, _warmup, _draws, _thin, _delta, _depth, _metric, _init, _sampler];

    /// <summary>What the command line says; null where <paramref name="engine"/> is not a Bayesian one.</summary>
    /// <exception cref="UsageException">A value is not possible, or an option was given that does not suit the engine.</exception>
    public BayesianSettings? Read(ParseResult parsed, string? engine)
    {
        if (!IsBayesian(engine))
        {
            return Given(parsed) is not { } given ? null : throw new UsageException($"{given} is for Bayesian models; give --engine nuts too, or leave it out.");
        }
        PriorPreset preset = parsed.ReadChoice(_preset, ["rstanarm", "brms"]) == "brms" ? PriorPreset.Brms : PriorPreset.Rstanarm;
        bool rstanarm = preset == PriorPreset.Rstanarm;
        UserPrior[] priors = [.. parsed.Read(_prior).Select(Parse)];
        bool shrinks = priors.Any(prior => prior.IsShrinkage);
        var options = new NutsOptions
        {
            Chains = parsed.ReadInteger(_chains, 1) ?? 4,
            Warmup = parsed.ReadInteger(_warmup, 0) ?? 1000,
            Iterations = parsed.ReadInteger(_draws, 1) ?? 1000,
            Thin = parsed.ReadInteger(_thin, 1) ?? 1,
            AdaptDelta = parsed.ReadProbability(_delta) ?? (!rstanarm ? 0.8 : shrinks ? 0.99 : 0.95),
            MaxTreeDepth = parsed.ReadInteger(_depth, 1) ?? (rstanarm ? 15 : 10),
            Metric = parsed.ReadChoice(_metric, Metrics) switch { "dense" => MetricKind.Dense, "unit" => MetricKind.Unit, _ => MetricKind.Diagonal },
            InitialRange = Range(parsed.Read(_init)),
            SaveWarmup = parsed.IsGiven(_saveWarmup),
            CheckpointInterval = TimeSpan.FromSeconds(1),
        };
        if (options.Thin > options.Iterations) throw new UsageException($"--thin cannot be more than --draws ({options.Iterations}).");
        if (options.MaxTreeDepth > 20) throw new UsageException("--max-treedepth needs a whole number of at most 20.");
        SamplerKind kind = parsed.ReadChoice(_sampler, ["auto", "plain", "whitened"]) switch { "plain" => SamplerKind.Plain, "whitened" => SamplerKind.Whitened, _ => SamplerKind.Auto };
        var usual = new SamplerPreference(kind);
        SamplerPreference preference = usual with { WhitenedWarmup = parsed.ReadInteger(_warmup, 0) ?? usual.WhitenedWarmup, WhitenedDelta = parsed.ReadProbability(_delta) ?? usual.WhitenedDelta };
        return new BayesianSettings { Engine = engine!, Preset = preset, Priors = priors, PriorOnly = parsed.IsGiven(_priorOnly), Sampling = options, Preference = preference };
    }

    /// <summary>Whether an engine samples the posterior.</summary>
    public static bool IsBayesian(string? engine) => engine is "nuts" or "approx" or "gibbs" or "pathfinder" or "meanfield" or "fullrank";

    /// <summary>The name of the first of the options that was given, or null.</summary>
    public string? Given(ParseResult parsed) => All.Append(_saveWarmup).Append(_drawsOut).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

    private static UserPrior Parse(string text)
    {
        try
        {
            return UserPrior.Parse(text);
        }
        catch (ModelException fault)
        {
            throw new UsageException($"--prior: {fault.Message}");
        }
    }

    private static double Range(string? text)
    {
        if (text is null) return 2;
        return double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double range) && range >= 0 && double.IsFinite(range)
            ? range
            : throw new UsageException($"--init needs a number not below 0, not '{text}'.");
    }
}
