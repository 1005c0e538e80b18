namespace Terrace.Families;

/// <summary>
/// What makes an exponential dispersion model: its variance function V, with derivatives in μ, and its unit deviance d, as compile-time functions.
/// Var(y) = φ V(μ) / w and ∂d/∂μ = −2 (y − μ) / V(μ) (Jørgensen, 1987, "Exponential dispersion models", section 2; McCullagh and Nelder, 1989, section 2.3).
/// The second identity is checked by finite differences in <c>FamilyTests</c>.
/// </summary>
internal interface IVarianceFunction
{
    /// <summary>V(μ).</summary>
    static abstract double Variance(double mean);

    /// <summary>V′(μ).</summary>
    static abstract double First(double mean);

    /// <summary>V″(μ).</summary>
    static abstract double Second(double mean);

    /// <summary>d(y, μ), zero at y = μ.</summary>
    static abstract double UnitDeviance(double y, double mean);
}

/// <summary>The Gaussian: V = 1, d = (y − μ)².</summary>
internal readonly struct ConstantVariance : IVarianceFunction
{
    public static double Variance(double mean) => 1;

    public static double First(double mean) => 0;

    public static double Second(double mean) => 0;

    public static double UnitDeviance(double y, double mean) => (y - mean) * (y - mean);
}

/// <summary>The binomial proportion: V = μ(1 − μ), d = 2[y log(y/μ) + (1 − y) log((1 − y)/(1 − μ))].</summary>
internal readonly struct BinomialVariance : IVarianceFunction
{
    public static double Variance(double mean) => mean * (1 - mean);

    public static double First(double mean) => 1 - 2 * mean;

    public static double Second(double mean) => -2;

    public static double UnitDeviance(double y, double mean) => 2 * (YLog(y, mean) + YLog(1 - y, 1 - mean));

    private static double YLog(double y, double mean) => y == 0 ? 0 : y * Math.Log(y / mean);
}

/// <summary>The Poisson: V = μ, d = 2[y log(y/μ) − (y − μ)].</summary>
internal readonly struct PoissonVariance : IVarianceFunction
{
    public static double Variance(double mean) => mean;

    public static double First(double mean) => 1;

    public static double Second(double mean) => 0;

    public static double UnitDeviance(double y, double mean) => y == 0 ? 2 * mean : 2 * (y * Math.Log(y / mean) - (y - mean));
}

/// <summary>The gamma: V = μ², d = 2[(y − μ)/μ − log(y/μ)].</summary>
internal readonly struct GammaVariance : IVarianceFunction
{
    public static double Variance(double mean) => mean * mean;

    public static double First(double mean) => 2 * mean;

    public static double Second(double mean) => 2;

    public static double UnitDeviance(double y, double mean) => 2 * ((y - mean) / mean - Math.Log(y / mean));
}

/// <summary>The inverse Gaussian: V = μ³, d = (y − μ)² / (y μ²).</summary>
internal readonly struct InverseGaussianVariance : IVarianceFunction
{
    public static double Variance(double mean) => mean * mean * mean;

    public static double First(double mean) => 3 * mean * mean;

    public static double Second(double mean) => 6 * mean;

    public static double UnitDeviance(double y, double mean) => (y - mean) * (y - mean) / (y * mean * mean);
}
