using Terrace.Families.Densities;

namespace Terrace.Families;

/// <summary>
/// A distribution of responses with parameters beside the mean (a dispersion, degrees of freedom, the probability of a structural zero, thresholds), for models that estimate them
/// together with the coefficients: counts (Poisson, negative binomial, hurdle), shares (beta, beta-binomial), measurements (Gaussian, lognormal, Student) and ordered categories
/// (cumulative). The exponential dispersion models of ordinary generalised linear models are a <see cref="Family"/>. Immutable.
/// </summary>
public sealed class ResponseFamily
{
    private readonly ResponseDefinition _definition;

    private ResponseFamily(ResponseDefinition definition, Link link)
    {
        _definition = definition;
        Link = link;
    }

    /// <summary>The names that <see cref="Parse"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ResponseDefinition.All.Select(definition => definition.Name)];

    /// <summary>The name on the command line and in files: <c>neg-binomial</c>, <c>beta</c>.</summary>
    public string Name => _definition.Name;

    /// <summary>The link of the conditional predictor: of the mean; of a lognormal response of the mean of the logarithm; of <c>cumulative</c> the link of the cumulative probabilities.</summary>
    public Link Link { get; }

    /// <summary>The further parameters of the distribution that are positive numbers: <c>phi</c>, <c>sigma</c>, <c>nu</c>. The first is the one that a dispersion formula describes.</summary>
    public IReadOnlyList<string> ParameterNames => _definition.Parameters;

    /// <summary>Whether a dispersion formula is possible.</summary>
    public bool HasDispersion => ParameterNames.Count > 0;

    /// <summary>Whether zeros can be inflated.</summary>
    public bool AllowsZeroInflation => _definition.Kind == ResponseType.Count && !IsHurdle;

    /// <summary>Whether zeros have a part of their own and the other counts are truncated.</summary>
    public bool IsHurdle => _definition.IsHurdle;

    /// <summary>Whether the response is an ordered factor.</summary>
    public bool IsOrdered => _definition.Kind == ResponseType.Ordered;

    internal ResponseType Kind => _definition.Kind;

    internal ResponseDistribution Distribution => _definition.Distribution;

    /// <summary>The family called <paramref name="name"/> with the link called <paramref name="link"/>, or its default link.</summary>
    /// <exception cref="ModelException">There is no such family, or the family has no such link; the message lists those there are.</exception>
    public static ResponseFamily Parse(string name, string? link = null)
    {
        ResponseDefinition definition = ResponseDefinition.All.FirstOrDefault(candidate => candidate.Name == name)
            ?? throw new ModelException($"There is no family '{name}' with parameters beside the mean; there are {string.Join(", ", Names)}.");
        if (link is null) return new ResponseFamily(definition, definition.Links[0]);
        Link chosen = definition.Links.FirstOrDefault(candidate => candidate.Name == link)
            ?? throw new ModelException($"The {name} family has no link '{link}'; its links are {string.Join(", ", definition.Links)}.");
        return new ResponseFamily(definition, chosen);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}({Link})";

    /// <summary>The density of given responses; <paramref name="zeroInflated"/> adds the probability of a structural zero as the last parameter.</summary>
    internal ResponseDensity Density(OutcomeValues outcomes, bool zeroInflated) => ResponseDensities.Of(this, outcomes, zeroInflated);
}

/// <summary>What the responses of a family are.</summary>
internal enum ResponseType
{
    Count,
    Share,
    Trials,
    Real,
    Positive,
    Ordered,
}

/// <summary>The distributions behind the families with parameters beside the mean.</summary>
internal enum ResponseDistribution
{
    Poisson,
    NegativeBinomial,
    LinearNegativeBinomial,
    Beta,
    BetaBinomial,
    Normal,
    LogNormal,
    Student,
    Cumulative,
}

/// <summary>The table of these families: names, responses, further parameters, links (the first is the default).</summary>
internal sealed record ResponseDefinition(string Name, ResponseDistribution Distribution, ResponseType Kind, bool IsHurdle, string[] Parameters, Link[] Links)
{
    public static IReadOnlyList<ResponseDefinition> All { get; } =
    [
        new("poisson", ResponseDistribution.Poisson, ResponseType.Count, false, [], [Link.Log, Link.Identity, Link.Sqrt]),
        new("neg-binomial", ResponseDistribution.NegativeBinomial, ResponseType.Count, false, ["phi"], [Link.Log, Link.Identity, Link.Sqrt]),
        new("neg-binomial-1", ResponseDistribution.LinearNegativeBinomial, ResponseType.Count, false, ["phi"], [Link.Log, Link.Identity, Link.Sqrt]),
        new("hurdle-poisson", ResponseDistribution.Poisson, ResponseType.Count, true, [], [Link.Log]),
        new("hurdle-neg-binomial", ResponseDistribution.NegativeBinomial, ResponseType.Count, true, ["phi"], [Link.Log]),
        new("beta", ResponseDistribution.Beta, ResponseType.Share, false, ["phi"], [Link.Logit, Link.Probit, Link.Cloglog, Link.Cauchit]),
        new("beta-binomial", ResponseDistribution.BetaBinomial, ResponseType.Trials, false, ["phi"], [Link.Logit, Link.Probit, Link.Cloglog, Link.Cauchit]),
        new("gaussian", ResponseDistribution.Normal, ResponseType.Real, false, ["sigma"], [Link.Identity, Link.Log]),
        new("lognormal", ResponseDistribution.LogNormal, ResponseType.Positive, false, ["sigma"], [Link.Identity]),
        new("student", ResponseDistribution.Student, ResponseType.Real, false, ["sigma", "nu"], [Link.Identity, Link.Log]),
        new("cumulative", ResponseDistribution.Cumulative, ResponseType.Ordered, false, [], [Link.Logit, Link.Probit]),
    ];
}
