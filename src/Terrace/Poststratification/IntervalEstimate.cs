namespace Terrace.Poststratification;

/// <summary>An estimate with its uncertainty; all NaN where it cannot be made.</summary>
/// <param name="Estimate">The estimate, on the scale of the outcome.</param>
/// <param name="Sd">Its standard deviation on that scale.</param>
/// <param name="Lower">The interval's lower bound.</param>
/// <param name="Upper">The interval's upper bound.</param>
public readonly record struct IntervalEstimate(double Estimate, double Sd, double Lower, double Upper)
{
    /// <summary>Stands for an estimate that cannot be made.</summary>
    public static IntervalEstimate None => new(double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>Whether there is an estimate.</summary>
    public bool Exists => !double.IsNaN(Estimate);

    /// <summary>Estimate ± <paramref name="multiple"/> standard deviations.</summary>
    public static IntervalEstimate Symmetric(double estimate, double sd, double multiple) => new(estimate, sd, estimate - multiple * sd, estimate + multiple * sd);

    /// <summary>The estimate of a total: everything multiplied by the number of people.</summary>
    public IntervalEstimate Times(double population) => new(Estimate * population, Sd * population, Lower * population, Upper * population);
}
