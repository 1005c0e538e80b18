using System.CommandLine;
using System.Globalization;
using Terrace.Inference.Approximations;
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
    private readonly Option<string> _emit = Text("--emit", "PHASE", "print the program as the compiler has it: ast (as read), ir (resolved) or csharp (the methods that run)");
    private readonly Option<bool> _emitCSharp = Flag("--emit-csharp", "the same as --emit csharp");
    private readonly Option<string> _chains = Text("--chains", "N", "number of chains (default 4)");
    private readonly Option<string> _warmup = Text("--warmup", "N", "warm-up iterations of each chain (default 1000)");
    private readonly Option<string> _draws = Text("--draws", "N", "iterations of each chain after warm-up, or draws of an approximation (default 1000)");
    private readonly Option<string> _thin = Text("--thin", "N", "keep every Nth draw (default 1)");
    private readonly Option<string> _delta = Text("--adapt-delta", "P", "target acceptance of the sampler (default 0.8)");
    private readonly Option<string> _depth = Text("--max-treedepth", "N", "largest number of doublings of a trajectory (default 10)");
    private readonly Option<string> _metric = Text("--metric", "KIND", "diag, dense or unit (default diag)");
    private readonly Option<string> _init = Text("--init", "R|FILE", "initial values between -R and R on the unconstrained scale (default 2), or a file with values of some or all parameters; several with commas, or FILE_1 … FILE_N, for a file a chain");
    private readonly Option<string> _nonCentre = Text("--non-centre", "WHICH", "sample group effects as location + scale * z, which leaves the posterior as it is: auto (default of sample: where the data say less than the distribution of the effects), none (default of the others), all, or names with commas");
    private readonly Option<bool> _saveWarmup = Flag("--save-warmup", "keep the warm-up draws too (with --output)");
    private readonly Option<string> _algorithm = Text("--algorithm", "A", "of optimize: lbfgs (default), bfgs or newton; of variational: meanfield (default) or fullrank");
    private readonly StanSearchChoices _search = new();
    private readonly Option<string[]> _fitted = Repeated("--fitted", "FILE", "of generate-quantities: CmdStan CSV with the parameters");
    private readonly Option<string> _unconstrained = Text("--unconstrained", "FILE", "of log-prob: JSON, one point or an array of points");
    private readonly Option<string> _jacobian = Text("--jacobian", "true|false", "include the log determinant of the constraining transforms (log-prob: default true; optimize: default false)");
    private readonly Option<bool> _propto = Flag("--propto", "of log-prob: drop constants as ~ does");

    /// <summary>The options under their headings.</summary>
    public IReadOnlyList<OptionGroup> Groups =>
    [
        new("Program", [_data, _method, _include, _output, _check, _pedantic, _format, _syntax, _emit, _emitCSharp]),
        new("Sampling", [_chains, _warmup, _draws, _thin, _delta, _depth, _metric, _init, _nonCentre, _saveWarmup]),
        new("Other methods", [_algorithm, .. _search.Options, _fitted, _unconstrained, _jacobian, _propto]),
    ];

    /// <summary>The options that suit some methods only.</summary>
    private IEnumerable<(Option Option, string[] Methods)> Particular()
    {
        string[] draws = ["sample", "laplace", "pathfinder", "variational"];
        foreach (Option option in (Option[])[_chains, _warmup, _thin, _delta, _depth, _metric, _saveWarmup]) yield return (option, ["sample"]);
        yield return (_draws, draws);
        yield return (_nonCentre, draws);
        yield return (_output, [.. draws, "optimize", "generate-quantities"]);
        yield return (_init, [.. draws, "optimize", "diagnose"]);
        yield return (_algorithm, ["optimize", "variational"]);
        yield return (_fitted, ["generate-quantities"]);
        yield return (_unconstrained, ["log-prob"]);
        yield return (_propto, ["log-prob"]);
        yield return (_jacobian, ["log-prob", "optimize"]);
        foreach ((Option, string[]) more in _search.Particular()) yield return more;
    }

    private static void CheckSuits(ParseResult parsed, IEnumerable<(Option Option, string[] Methods)> particular, string method)
    {
        foreach ((Option option, string[] methods) in particular)
        {
            if (parsed.GetResult(option) is not { Implicit: false } || methods.Contains(method)) continue;
            throw new UsageException($"{option.Name} does not suit --method {method}; it belongs to {(methods.Length == 1 ? methods[0] : $"{string.Join(", ", methods[..^1])} and {methods[^1]}")}.");
        }
    }

    /// <summary>A range, or the files with values.</summary>
    private (double Range, string[] Files) ReadInit(ParseResult parsed)
    {
        if (parsed.Read(_init) is not { } text) return (2, []);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double range))
            return range >= 0 && double.IsFinite(range) ? (range, []) : throw new UsageException($"--init needs a number not below 0 or a file, not '{text}'.");
        return (2, File.Exists(text) ? [text] : text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="UsageException">A value is not possible.</exception>
    public StanRunSettings Read(ParseResult parsed)
    {
        string method = parsed.ReadChoice(_method, Methods) ?? "sample";
        CheckSuits(parsed, Particular(), method);
        (double range, string[] initFiles) = ReadInit(parsed);
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
        string? algorithm = parsed.ReadChoice(_algorithm, method == "optimize" ? ["lbfgs", "bfgs", "newton"] : ["meanfield", "fullrank"]);
        StanRunSettings settings = Settings(parsed, method, algorithm);
        return _search.Read(parsed, settings with { Sampling = sampling, InitFiles = initFiles });
    }

    private StanRunSettings Settings(ParseResult parsed, string method, string? algorithm) => new()
    {
        Data = parsed.Read(_data),
        Method = method,
        Include = parsed.Read(_include),
        Output = parsed.Read(_output),
        Check = parsed.IsGiven(_check),
        Pedantic = parsed.IsGiven(_pedantic),
        Emit = parsed.ReadChoice(_emit, ["ast", "ir", "csharp"]) ?? (parsed.IsGiven(_emitCSharp) ? "csharp" : null),
        Format = parsed.IsGiven(_format),
        Syntax = parsed.ReadChoice(_syntax, ["modern", "2.21"]) ?? "modern",
        Algorithm = algorithm switch { "bfgs" => ModeAlgorithm.Bfgs, "newton" => ModeAlgorithm.Newton, _ => ModeAlgorithm.Lbfgs },
        FullRank = algorithm == "fullrank",
        NonCentre = (parsed.Read(_nonCentre) ?? (method == "sample" ? "auto" : "none")) is var which && which != "none" ? which : null,
        AsksToNonCentre = parsed.IsGiven(_nonCentre),
        Fitted = parsed.Read(_fitted),
        Unconstrained = parsed.Read(_unconstrained),
        Jacobian = parsed.ReadChoice(_jacobian, ["true", "false"]) switch { "true" => true, "false" => false, _ => null },
        Propto = parsed.IsGiven(_propto),
    };
}
