using System.CommandLine;
using System.Globalization;
using Terrace.Inference.Sampling;
using static Terrace.Cli.Options.OptionValues;

namespace Terrace.Cli.Options;

/// <summary>The options of <c>terrace stan</c>.</summary>
internal sealed class StanChoices
{
    private static readonly string[] Methods = ["sample", "optimize", "laplace", "pathfinder", "variational", "generate-quantities", "log-prob", "diagnose"];

    private readonly Option<string> _data = Text("--data", "FILE", "the data: JSON as CmdStan reads it, or an R dump (.R)");
    private readonly Option<string> _method = Text("--method", "M", "sample (default), optimize, laplace, pathfinder, variational, generate-quantities, log-prob or diagnose");
    private readonly Option<string[]> _include = Repeated("--include", "DIR", "where #include looks for files");
    private readonly Option<string> _output = Text("--output", "DIR", "write the draws as CmdStan CSV, one file a chain: DIR/MODEL-1.csv …");
    private readonly Option<bool> _check = Flag("--check", "compile only, and say what is wrong");
    private readonly Option<bool> _pedantic = Flag("--pedantic", "show warnings about what is probably not meant");
    private readonly Option<bool> _format = Flag("--format", "print the program in today's syntax, or in that of --syntax");
    private readonly Option<string> _syntax = Text("--syntax", "V", "with --format: modern (default), or 2.21 for rstan of that version");
    private readonly Option<string> _chains = Text("--chains", "N", "number of chains (default 4)");
    private readonly Option<string> _warmup = Text("--warmup", "N", "warm-up iterations of each chain (default 1000)");
    private readonly Option<string> _draws = Text("--draws", "N", "iterations of each chain after warm-up, or draws of an approximation (default 1000)");
    private readonly Option<string> _thin = Text("--thin", "N", "keep every Nth draw (default 1)");
    private readonly Option<string> _delta = Text("--adapt-delta", "P", "target acceptance of the sampler (default 0.8)");
    private readonly Option<string> _depth = Text("--max-treedepth", "N", "largest number of doublings of a trajectory (default 10)");
    private readonly Option<string> _metric = Text("--metric", "KIND", "diag, dense or unit (default diag)");
    private readonly Option<string> _init = Text("--init", "R|FILE", "initial values between -R and R on the unconstrained scale (default 2), or a file with the parameters' values");
    private readonly Option<bool> _saveWarmup = Flag("--save-warmup", "keep the warm-up draws too (with --output)");
    private readonly Option<string> _algorithm = Text("--algorithm", "A", "of variational: meanfield (default) or fullrank; of optimize: lbfgs");
    private readonly Option<string[]> _fitted = Repeated("--fitted", "FILE", "of generate-quantities: CmdStan CSV with the parameters");
    private readonly Option<string> _unconstrained = Text("--unconstrained", "FILE", "of log-prob: JSON, one point or an array of points");
    private readonly Option<string> _jacobian = Text("--jacobian", "true|false", "include the log determinant of the constraining transforms (log-prob: default true; optimize: default false)");
    private readonly Option<bool> _propto = Flag("--propto", "of log-prob: drop constants as ~ does");

    /// <summary>The options under their headings.</summary>
    public IReadOnlyList<OptionGroup> Groups =>
    [
        new("Program", [_data, _method, _include, _output, _check, _pedantic, _format, _syntax]),
        new("Sampling", [_chains, _warmup, _draws, _thin, _delta, _depth, _metric, _init, _saveWarmup]),
        new("Other methods", [_algorithm, _fitted, _unconstrained, _jacobian, _propto]),
    ];

    /// <summary>Reads the command line.</summary>
    /// <exception cref="UsageException">A value is not possible.</exception>
    public StanRunSettings Read(ParseResult parsed)
    {
        string? init = parsed.Read(_init);
        bool isRange = init is null || double.TryParse(init, NumberStyles.Float, CultureInfo.InvariantCulture, out double _);
        double range = init is not null && isRange ? double.Parse(init, NumberStyles.Float, CultureInfo.InvariantCulture) : 2;
        if (!(range >= 0) || !double.IsFinite(range)) throw new UsageException($"--init needs a number not below 0 or a file, not '{init}'.");
        var sampling = new NutsOptions
        {
            Chains = parsed.ReadInteger(_chains, 1) ?? 4,
            Warmup = parsed.ReadInteger(_warmup, 0) ?? 1000,
            Iterations = parsed.ReadInteger(_draws, 1) ?? 1000,
            Thin = parsed.ReadInteger(_thin, 1) ?? 1,
            AdaptDelta = parsed.ReadProbability(_delta) ?? 0.8,
            MaxTreeDepth = parsed.ReadInteger(_depth, 1) ?? 10,
            Metric = parsed.ReadChoice(_metric, ["diag", "dense", "unit"]) switch { "dense" => MetricKind.Dense, "unit" => MetricKind.Unit, _ => MetricKind.Diagonal },
            InitialRange = range,
            SaveWarmup = parsed.IsGiven(_saveWarmup),
        };
        if (sampling.Thin > sampling.Iterations) throw new UsageException($"--thin cannot be more than --draws ({sampling.Iterations}).");
        if (sampling.MaxTreeDepth > 20) throw new UsageException("--max-treedepth needs a whole number of at most 20.");
        string method = parsed.ReadChoice(_method, Methods) ?? "sample";
        string? algorithm = parsed.ReadChoice(_algorithm, ["meanfield", "fullrank", "lbfgs"]);
        if (algorithm is "lbfgs" && method != "optimize" || algorithm is "meanfield" or "fullrank" && method != "variational") throw new UsageException($"--algorithm {algorithm} does not suit --method {method}.");
        return new StanRunSettings
        {
            Data = parsed.Read(_data),
            Method = method,
            Include = parsed.Read(_include),
            Output = parsed.Read(_output),
            Check = parsed.IsGiven(_check),
            Pedantic = parsed.IsGiven(_pedantic),
            Format = parsed.IsGiven(_format),
            Syntax = parsed.ReadChoice(_syntax, ["modern", "2.21"]) ?? "modern",
            Sampling = sampling,
            InitFile = isRange ? null : init,
            FullRank = algorithm == "fullrank",
            Fitted = parsed.Read(_fitted),
            Unconstrained = parsed.Read(_unconstrained),
            Jacobian = parsed.ReadChoice(_jacobian, ["true", "false"]) switch { "true" => true, "false" => false, _ => null },
            Propto = parsed.IsGiven(_propto),
        };
    }
}

/// <summary>What the command line of <c>terrace stan</c> asks for.</summary>
internal sealed record StanRunSettings
{
    /// <summary>The data file, or null.</summary>
    public string? Data { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>Folders of included files.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>The folder for draws, or null.</summary>
    public string? Output { get; init; }

    /// <summary>Whether to compile only.</summary>
    public bool Check { get; init; }

    /// <summary>Whether to show all warnings.</summary>
    public bool Pedantic { get; init; }

    /// <summary>Whether to print the program.</summary>
    public bool Format { get; init; }

    /// <summary>The syntax to print.</summary>
    public string Syntax { get; init; } = "modern";

    /// <summary>The sampler's options.</summary>
    public NutsOptions Sampling { get; init; } = new();

    /// <summary>The file with initial values, or null.</summary>
    public string? InitFile { get; init; }

    /// <summary>Whether the variational family has a full covariance.</summary>
    public bool FullRank { get; init; }

    /// <summary>Files of fitted draws.</summary>
    public IReadOnlyList<string> Fitted { get; init; } = [];

    /// <summary>The file of unconstrained points.</summary>
    public string? Unconstrained { get; init; }

    /// <summary>Whether the Jacobian is included; null is the method's default.</summary>
    public bool? Jacobian { get; init; }

    /// <summary>Whether constants are dropped.</summary>
    public bool Propto { get; init; }
}
