using System.Globalization;

namespace Terrace.Cli.Options;

/// <summary>The kinds of intervals of coefficients and variance parameters.</summary>
internal enum IntervalKind
{
    /// <summary>Estimate ± z standard errors, or t where there are degrees of freedom.</summary>
    Wald,

    /// <summary>From the profile likelihood.</summary>
    Profile,

    /// <summary>From the restricted profile likelihood, for the standard deviations and correlations of generalised mixed models.</summary>
    RestrictedProfile,

    /// <summary>Percentiles of a parametric bootstrap.</summary>
    Bootstrap,
}

/// <summary>What <c>--ci</c> and the options of its bootstrap say.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Replicates">How many refits a bootstrap makes, or how many simulations correct a restricted profile.</param>
internal sealed record IntervalChoice(IntervalKind Kind, int Replicates)
{
    private const int UsualReplicates = 999, UsualSimulations = 100;
    private static readonly string[] BootstrapKinds = ["bootstrap", "bootstrap-kept"];

    /// <summary>Whether the group effects of a bootstrap stay at their modes (lme4's <c>use.u = TRUE</c>) instead of being drawn anew.</summary>
    public bool KeepGroupEffects { get; init; }

    /// <summary>The folder of the bootstrap's checkpoint, or null.</summary>
    public string? CheckpointDirectory { get; init; }

    /// <summary>Whether to go on from the checkpoint.</summary>
    public bool Resume { get; init; }

    /// <summary>The file of the replicates in the checkpoint folder, or null.</summary>
    public string? CheckpointFile => CheckpointDirectory is null ? null : Path.Combine(CheckpointDirectory, "bootstrap.replicates");

    /// <summary>The value of <c>--ci</c>; null takes Wald intervals.</summary>
    /// <exception cref="UsageException">The word is not known, or the number of replicates is none.</exception>
    public static IntervalChoice Parse(string? text)
    {
        if (text is null or "wald") return new IntervalChoice(IntervalKind.Wald, 0);
        if (text == "profile") return new IntervalChoice(IntervalKind.Profile, 0);
        if (text == "restricted-profile") return new IntervalChoice(IntervalKind.RestrictedProfile, UsualSimulations);
        const string Restricted = "restricted-profile:";
        if (text.StartsWith(Restricted, StringComparison.Ordinal))
        {
            return int.TryParse(text[Restricted.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int simulations)
                ? new IntervalChoice(IntervalKind.RestrictedProfile, simulations)
                : throw new UsageException($"--ci '{text}': the correction of a restricted profile needs a whole number of simulations, 0 for none, as in restricted-profile:200.");
        }
        foreach (string kind in BootstrapKinds)
        {
            if (text != kind && !text.StartsWith(kind + ":", StringComparison.Ordinal)) continue;
            int replicates = UsualReplicates;
            if (text != kind && (!int.TryParse(text[(kind.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out replicates) || replicates < 20))
                throw new UsageException($"--ci '{text}': a bootstrap needs a whole number of refits, at least 20, as in {kind}:999.");
            return new IntervalChoice(IntervalKind.Bootstrap, replicates) { KeepGroupEffects = kind == BootstrapKinds[1] };
        }
        throw new UsageException($"--ci '{text}' is not known{Suggestion.For(text, ["wald", "profile", "restricted-profile", .. BootstrapKinds])}; it is one of wald, profile, restricted-profile[:N], bootstrap[:N], bootstrap-kept[:N].");
    }
}
