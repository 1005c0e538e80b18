namespace Terrace.Families;

/// <summary>
/// A family of response distributions with a link: how the variance follows the mean, what the likelihood is, which responses and means are valid. All are
/// exponential dispersion models (McCullagh and Nelder, 1989, section 2.2), Var(y) = φ V(μ) / w. Conventions (log densities with weights, starting means, valid
/// values) are those of R's <c>family</c> objects. Immutable.
/// </summary>
public sealed class Family
{
    private readonly FamilyDefinition _definition;

    private Family(FamilyDefinition definition, Link link)
    {
        _definition = definition;
        Link = link;
        Kernel = definition.KernelFor(link);
    }

    /// <summary>The names that <see cref="Parse"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. FamilyDefinition.All.Select(d => d.Name)];

    /// <summary>The name on the command line and in files: <c>binomial</c>, <c>inverse-gaussian</c>.</summary>
    public string Name => _definition.Name;

    /// <summary>The name in R, for summaries: <c>binomial</c>, <c>inverse.gaussian</c>, <c>Gamma</c>.</summary>
    public string NameInR => _definition.NameInR;

    /// <summary>The link.</summary>
    public Link Link { get; }

    /// <summary>Whether φ is 1 by definition (binomial, Poisson) rather than estimated.</summary>
    public bool HasKnownDispersion => _definition.HasKnownDispersion;

    /// <summary>Whether there is a likelihood; the quasi families have none, so no AIC either.</summary>
    public bool HasLikelihood => !_definition.IsQuasi;

    /// <summary>Whether the response is a proportion of successes (binomial, quasibinomial).</summary>
    public bool IsBinomial => _definition.Distribution == Distribution.Binomial;

    /// <summary>Whether the response is Gaussian.</summary>
    public bool IsGaussian => _definition.Distribution == Distribution.Gaussian;

    /// <summary>Whether the link is the canonical one, for which observed and expected information agree.</summary>
    public bool IsCanonical => Link == _definition.CanonicalLink;

    /// <summary>The distribution behind the name.</summary>
    internal Distribution Distribution => _definition.Distribution;

    /// <summary>The likelihood for many rows at once.</summary>
    internal IFamilyKernel Kernel { get; }

    /// <summary>The Gaussian family (links identity, log, inverse).</summary>
    public static Family Gaussian(Link? link = null) => Of("gaussian", link);

    /// <summary>The binomial family (links logit, probit, cloglog, cauchit, log).</summary>
    public static Family Binomial(Link? link = null) => Of("binomial", link);

    /// <summary>The binomial's mean and variance with a dispersion.</summary>
    public static Family Quasibinomial(Link? link = null) => Of("quasibinomial", link);

    /// <summary>The Poisson family (links log, identity, sqrt).</summary>
    public static Family Poisson(Link? link = null) => Of("poisson", link);

    /// <summary>The Poisson's mean and variance with a dispersion.</summary>
    public static Family Quasipoisson(Link? link = null) => Of("quasipoisson", link);

    /// <summary>The gamma family (links inverse, log, identity).</summary>
    public static Family Gamma(Link? link = null) => Of("gamma", link);

    /// <summary>The inverse Gaussian family (links 1/mu^2, inverse, log, identity).</summary>
    public static Family InverseGaussian(Link? link = null) => Of("inverse-gaussian", link);

    /// <summary>The family called <paramref name="name"/> with the link called <paramref name="link"/>, or its default link.</summary>
    /// <exception cref="ModelException">There is no such family, or the family has no such link; the message lists those there are.</exception>
    public static Family Parse(string name, string? link = null)
    {
        FamilyDefinition definition = FamilyDefinition.All.FirstOrDefault(d => d.Name == name)
            ?? throw new ModelException($"There is no family '{name}'; the families are {string.Join(", ", Names)}.");
        if (link is null) return new Family(definition, definition.DefaultLink);
        Link chosen = definition.Links.FirstOrDefault(l => l.Name == link)
            ?? throw new ModelException($"The {name} family has no link '{link}'; its links are {string.Join(", ", definition.Links)}.");
        return new Family(definition, chosen);
    }

    /// <summary>V(μ).</summary>
    public double Variance(double mean) => _definition.Variance(mean);

    /// <summary>The unit deviance d(y, μ), zero at y = μ; the deviance is Σ w d.</summary>
    public double UnitDeviance(double y, double mean) => _definition.UnitDeviance(y, mean);

    /// <summary>The mean from which iterations start, given a response and, where it is a proportion, its trials.</summary>
    public double StartingMean(double y, double trials) => _definition.Distribution switch
    {
        Distribution.Binomial => (trials * y + 0.5) / (trials + 1),
        Distribution.Poisson => y + 0.1,
        _ => y,
    };

    /// <summary>Whether μ is possible (an inverse Gaussian mean must be positive, which R does not check).</summary>
    public bool IsValidMean(double mean) => _definition.Distribution switch
    {
        Distribution.Binomial => mean is > 0 and < 1,
        Distribution.Gaussian => double.IsFinite(mean),
        _ => double.IsFinite(mean) && mean > 0,
    };

    /// <summary>
    /// The log density of one response with mean <paramref name="mean"/>, prior weight <paramref name="weight"/> and dispersion
    /// <paramref name="dispersion"/>, as R's <c>aic</c> functions count weights: of a binomial, where y is a proportion of <paramref name="trials"/>, the weight
    /// includes the trials; a Gaussian's divides its variance; the others' counts the row so many times. NaN for quasi families.
    /// </summary>
    public double LogDensity(double y, double mean, double weight, double trials, double dispersion) =>
        HasLikelihood ? RowLikelihood.LogDensity(_definition.Distribution, y, mean, weight, trials, dispersion) : double.NaN;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}({Link})";

    private static Family Of(string name, Link? link) => Parse(name, link?.Name);
}
