using Terrace.Inference.Approximations;
using Terrace.Inference.Sampling;

namespace Terrace.Cli.Options;

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

    /// <summary>The group effects to non-centre: auto, all, or names with commas; null for none.</summary>
    public string? NonCentre { get; init; }

    /// <summary>Whether the command line says so, so that effects which stay as they are deserve a word too.</summary>
    public bool AsksToNonCentre { get; init; }

    /// <summary>The phase of the compiler to print: ast, ir or csharp; null for none.</summary>
    public string? Emit { get; init; }

    /// <summary>Whether to print the program.</summary>
    public bool Format { get; init; }

    /// <summary>The syntax to print.</summary>
    public string Syntax { get; init; } = "modern";

    /// <summary>The sampler's options.</summary>
    public NutsOptions Sampling { get; init; } = new();

    /// <summary>Files with initial values: none, one for all chains, or one for each.</summary>
    public IReadOnlyList<string> InitFiles { get; init; } = [];

    /// <summary>The algorithm of a search for a mode.</summary>
    public ModeAlgorithm Algorithm { get; init; }

    /// <summary>How a mode is looked for: what the command line says, else the defaults that are passed in.</summary>
    public Func<LbfgsOptions, LbfgsOptions> Search { get; init; } = defaults => defaults;

    /// <summary>The number of paths of Pathfinder.</summary>
    public int Paths { get; init; } = 4;

    /// <summary>The largest number of iterations of a variational search, or null.</summary>
    public int? Iterations { get; init; }

    /// <summary>The tolerance of a variational search, or null.</summary>
    public double? Tolerance { get; init; }

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
