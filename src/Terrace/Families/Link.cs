namespace Terrace.Families;

/// <summary>
/// A link function g between the mean μ of a response and the linear predictor: η = g(μ). An immutable object for everyday use; loops over many rows go through
/// the kernel of a <see cref="Family"/> instead.
/// </summary>
public sealed class Link
{
    private readonly Func<double, double> _eta;
    private readonly Func<double, double> _mean;
    private readonly Func<double, double> _slope;
    private readonly Func<double, double> _second;
    private readonly Func<double, double> _third;
    private readonly Func<double, bool> _isValidEta;

    private Link(string name, Func<double, double> eta, Func<double, double> mean, Func<double, double>[] derivatives, Func<double, bool> isValidEta)
    {
        Name = name;
        _eta = eta;
        _mean = mean;
        (_slope, _second, _third) = (derivatives[0], derivatives[1], derivatives[2]);
        _isValidEta = isValidEta;
    }

    /// <summary>η = μ.</summary>
    public static Link Identity { get; } = Of<IdentityLink>();

    /// <summary>η = log μ.</summary>
    public static Link Log { get; } = Of<LogLink>();

    /// <summary>η = log(μ / (1 − μ)).</summary>
    public static Link Logit { get; } = Of<LogitLink>();

    /// <summary>η = Φ⁻¹(μ).</summary>
    public static Link Probit { get; } = Of<ProbitLink>();

    /// <summary>η = log(−log(1 − μ)).</summary>
    public static Link Cloglog { get; } = Of<CloglogLink>();

    /// <summary>η = tan(π(μ − 1/2)).</summary>
    public static Link Cauchit { get; } = Of<CauchitLink>();

    /// <summary>η = 1/μ.</summary>
    public static Link Inverse { get; } = Of<InverseLink>();

    /// <summary>η = √μ.</summary>
    public static Link Sqrt { get; } = Of<SqrtLink>();

    /// <summary>η = 1/μ².</summary>
    public static Link InverseSquare { get; } = Of<InverseSquareLink>();

    /// <summary>Every link.</summary>
    public static IReadOnlyList<Link> All { get; } = [Identity, Log, Logit, Probit, Cloglog, Cauchit, Inverse, Sqrt, InverseSquare];

    /// <summary>The name, as on the command line: <c>logit</c>, <c>1/mu^2</c>.</summary>
    public string Name { get; }

    /// <summary>η = g(μ).</summary>
    public double Eta(double mean) => _eta(mean);

    /// <summary>μ = g⁻¹(η), kept inside the open range of the mean as R keeps it.</summary>
    public double Mean(double eta) => _mean(eta);

    /// <summary>dμ/dη.</summary>
    public double Slope(double eta) => _slope(eta);

    /// <summary>d²μ/dη².</summary>
    public double Second(double eta) => _second(eta);

    /// <summary>d³μ/dη³.</summary>
    public double Third(double eta) => _third(eta);

    /// <summary>Whether the mean is defined at η.</summary>
    public bool IsValidEta(double eta) => _isValidEta(eta);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The kernel of this link with a variance function.</summary>
    internal IFamilyKernel KernelFor<TVariance>() where TVariance : struct, IVarianceFunction => Name switch
    {
        "identity" => new ExponentialFamilyKernel<TVariance, IdentityLink>(),
        "log" => new ExponentialFamilyKernel<TVariance, LogLink>(),
        "logit" => new ExponentialFamilyKernel<TVariance, LogitLink>(),
        "probit" => new ExponentialFamilyKernel<TVariance, ProbitLink>(),
        "cloglog" => new ExponentialFamilyKernel<TVariance, CloglogLink>(),
        "cauchit" => new ExponentialFamilyKernel<TVariance, CauchitLink>(),
        "inverse" => new ExponentialFamilyKernel<TVariance, InverseLink>(),
        "sqrt" => new ExponentialFamilyKernel<TVariance, SqrtLink>(),
        _ => new ExponentialFamilyKernel<TVariance, InverseSquareLink>(),
    };

    private static Link Of<T>() where T : struct, ILinkFunction => new(T.Name, T.Eta, T.Mean, [T.Slope, T.Second, T.Third], T.IsValidEta);
}
