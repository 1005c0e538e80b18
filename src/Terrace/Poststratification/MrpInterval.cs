using System.Globalization;

namespace Terrace.Poststratification;

/// <summary>The kinds of interval of poststratified estimates.</summary>
public enum MrpIntervalKind
{
    /// <summary>Delta method without group-level terms; quantiles of draws, which carry the uncertainty of the variance parameters, with them.</summary>
    Default,

    /// <summary>Parametric bootstrap that keeps the group effects at their estimates and redraws the responses (lme4's <c>use.u = TRUE</c>).</summary>
    Bootstrap,

    /// <summary>Parametric bootstrap that draws new group effects for every replicate (<c>use.u = FALSE</c>).</summary>
    BootstrapNewGroups,

    /// <summary>The cells' bounds of two standard errors, averaged: too wide, for comparison with an article that does so.</summary>
    Article,
}

/// <summary>How intervals are made.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Replicates">The number of bootstrap replicates.</param>
public sealed record MrpInterval(MrpIntervalKind Kind, int Replicates = MrpInterval.DefaultReplicates)
{
    /// <summary>The number of bootstrap replicates where none is given; their sd is then known to 3 %.</summary>
    public const int DefaultReplicates = 500;

    private const int MaxReplicates = 10_000_000;

    /// <summary>The default.</summary>
    public static MrpInterval Default { get; } = new(MrpIntervalKind.Default);

    /// <summary>Whether models are refitted.</summary>
    public bool IsBootstrap => Kind is MrpIntervalKind.Bootstrap or MrpIntervalKind.BootstrapNewGroups;

    /// <summary>Reads <c>default</c>, <c>article</c>, <c>bootstrap</c>, <c>bootstrap:999</c>, <c>bootstrap-new</c> or <c>bootstrap-new:999</c>.</summary>
    /// <exception cref="ModelException">The text is none of these, or the number is not between 2 and 10,000,000.</exception>
    public static MrpInterval Parse(string text)
    {
        string[] parts = text.Split(':', 2);
        MrpIntervalKind kind = parts[0] switch
        {
            "default" => MrpIntervalKind.Default,
            "article" => MrpIntervalKind.Article,
            "bootstrap" => MrpIntervalKind.Bootstrap,
            "bootstrap-new" => MrpIntervalKind.BootstrapNewGroups,
            _ => throw new ModelException($"There is no interval '{text}'; there are default, bootstrap[:N], bootstrap-new[:N] and article."),
        };
        if (parts.Length == 1) return new MrpInterval(kind);
        bool isNumber = int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int replicates) && replicates is >= 2 and <= MaxReplicates;
        if (isNumber && new MrpInterval(kind).IsBootstrap) return new MrpInterval(kind, replicates);
        throw new ModelException($"'{text}' is no interval: only bootstrap and bootstrap-new take a number of replicates, from 2 to 10,000,000, as in bootstrap:999.");
    }
}
