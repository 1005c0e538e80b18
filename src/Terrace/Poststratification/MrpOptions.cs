using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;

namespace Terrace.Poststratification;

/// <summary>What to do in one run of multilevel regression and poststratification.</summary>
public sealed record MrpOptions
{
    /// <summary>The model.</summary>
    public required Formula Formula { get; init; }

    /// <summary>The respondents.</summary>
    public required Frame Survey { get; init; }

    /// <summary>The population.</summary>
    public required PoststratificationFrame Population { get; init; }

    /// <summary>The family and link of the response.</summary>
    public required Family Family { get; init; }

    /// <summary>Tables of group-level predictors, each joined to survey and population on the columns it shares with them.</summary>
    public IReadOnlyList<Frame> GroupData { get; init; } = [];

    /// <summary>The accepted recoding of levels, applied to survey and population before anything is joined.</summary>
    public LevelMap Map { get; init; } = LevelMap.Empty;

    /// <summary>Contrasts, weights, offset, trials and what to do with missing values.</summary>
    public ModelFrameOptions Model { get; init; } = new();

    /// <summary>The engine: <c>ml</c>, <c>reml</c>, <c>laplace</c>, <c>agq:K</c> (<see cref="MixedModels.QuadratureEngine"/>), <c>nuts</c>; null for <c>ml</c> without group-level terms, <c>reml</c> for Gaussian and <c>laplace</c> for other mixed models.</summary>
    public string? Engine { get; init; }

    /// <summary>Priors and sampler of the engine <c>nuts</c>; seed and threads are those of the run; null for the defaults.</summary>
    public BayesianSettings? Bayes { get; init; }

    /// <summary>The curvature of the Laplace approximation with links that are not canonical.</summary>
    public Information Information { get; init; } = Information.Observed;

    /// <summary>The groupings to estimate for, besides the whole population.</summary>
    public IReadOnlyList<Grouping> By { get; init; } = [];

    /// <summary>The probability of the intervals.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>How intervals are made.</summary>
    public MrpInterval Interval { get; init; } = MrpInterval.Default;

    /// <summary>The number of draws for the default interval of a mixed model; with 1,000 a 95 % bound has a Monte Carlo error of 8 % of the sd.</summary>
    public int Draws { get; init; } = 1000;

    /// <summary>Where the effects of levels without respondents come from, of Bayesian fits.</summary>
    public NewLevelEffects NewLevelEffects { get; init; }

    /// <summary>Known values to compare with, or null.</summary>
    public Frame? Truth { get; init; }

    /// <summary>The column of the known values; null to find it (see <see cref="TruthComparison"/>).</summary>
    public string? TruthColumn { get; init; }

    /// <summary>The seed of draws and bootstrap replicates.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The number of threads; the results do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Hears of finished bootstrap replicates, from any thread; or null.</summary>
    public IProgress<ReplicateProgress>? Progress { get; init; }
}
