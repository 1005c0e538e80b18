namespace Terrace.Families;

/// <summary>The distributions behind the families.</summary>
internal enum Distribution
{
    Gaussian,
    Binomial,
    Poisson,
    Gamma,
    InverseGaussian,
}

/// <summary>The table of families: names, links (the first is the default), variance functions.</summary>
internal sealed class FamilyDefinition
{
    private FamilyDefinition(string name, string nameInR, Distribution distribution, bool isQuasi, params Link[] links)
    {
        Name = name;
        NameInR = nameInR;
        Distribution = distribution;
        IsQuasi = isQuasi;
        Links = links;
    }

    /// <summary>Every family, in the order of messages.</summary>
    public static IReadOnlyList<FamilyDefinition> All { get; } =
    [
        new("gaussian", "gaussian", Distribution.Gaussian, false, Link.Identity, Link.Log, Link.Inverse),
        new("binomial", "binomial", Distribution.Binomial, false, Link.Logit, Link.Probit, Link.Cloglog, Link.Cauchit, Link.Log),
        new("quasibinomial", "quasibinomial", Distribution.Binomial, true, Link.Logit, Link.Probit, Link.Cloglog, Link.Cauchit, Link.Log),
        new("poisson", "poisson", Distribution.Poisson, false, Link.Log, Link.Identity, Link.Sqrt),
        new("quasipoisson", "quasipoisson", Distribution.Poisson, true, Link.Log, Link.Identity, Link.Sqrt),
        new("gamma", "Gamma", Distribution.Gamma, false, Link.Inverse, Link.Log, Link.Identity),
        new("inverse-gaussian", "inverse.gaussian", Distribution.InverseGaussian, false, Link.InverseSquare, Link.Inverse, Link.Log, Link.Identity),
    ];

    public string Name { get; }

    public string NameInR { get; }

    public Distribution Distribution { get; }

    public bool IsQuasi { get; }

    public IReadOnlyList<Link> Links { get; }

    /// <summary>The default link is the canonical one in all of them.</summary>
    public Link DefaultLink => Links[0];

    public Link CanonicalLink => Links[0];

    public bool HasKnownDispersion => !IsQuasi && (Distribution is Distribution.Binomial or Distribution.Poisson);

    public double Variance(double mean) => Distribution switch
    {
        Distribution.Gaussian => ConstantVariance.Variance(mean),
        Distribution.Binomial => BinomialVariance.Variance(mean),
        Distribution.Poisson => PoissonVariance.Variance(mean),
        Distribution.Gamma => GammaVariance.Variance(mean),
        _ => InverseGaussianVariance.Variance(mean),
    };

    public double UnitDeviance(double y, double mean) => Distribution switch
    {
        Distribution.Gaussian => ConstantVariance.UnitDeviance(y, mean),
        Distribution.Binomial => BinomialVariance.UnitDeviance(y, mean),
        Distribution.Poisson => PoissonVariance.UnitDeviance(y, mean),
        Distribution.Gamma => GammaVariance.UnitDeviance(y, mean),
        _ => InverseGaussianVariance.UnitDeviance(y, mean),
    };

    public IFamilyKernel KernelFor(Link link) => Distribution switch
    {
        Distribution.Gaussian => link.KernelFor<ConstantVariance>(),
        Distribution.Binomial => link == Link.Logit ? new LogisticFamilyKernel() : link.KernelFor<BinomialVariance>(),
        Distribution.Poisson => link == Link.Log ? new PoissonLogFamilyKernel() : link.KernelFor<PoissonVariance>(),
        Distribution.Gamma => link.KernelFor<GammaVariance>(),
        _ => link.KernelFor<InverseGaussianVariance>(),
    };
}
