using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Scalars;

/// <summary>
/// The logarithms of a distribution's two tails F and 1 − F at one point, with their derivatives by up to two shape parameters. One tail is found directly, where it loses nothing to cancellation;
/// the other follows: log(1 − F) = log(1 − e^(log F)), with derivative −(log F)′ F / (1 − F).
/// </summary>
internal struct LogTails
{
    /// <summary>log F.</summary>
    public double Lower;

    /// <summary>log(1 − F).</summary>
    public double Upper;

    /// <summary>The derivative of <see cref="Lower"/> by the first shape.</summary>
    public double LowerByFirst;

    /// <summary>The derivative of <see cref="Upper"/> by the first shape.</summary>
    public double UpperByFirst;

    /// <summary>The derivative of <see cref="Lower"/> by the second shape.</summary>
    public double LowerBySecond;

    /// <summary>The derivative of <see cref="Upper"/> by the second shape.</summary>
    public double UpperBySecond;

    /// <summary>The log density at the point.</summary>
    public double LogDensity;

    /// <summary>The derivative of <see cref="Lower"/> by the point.</summary>
    public readonly double LowerByPoint => double.IsNegativeInfinity(LogDensity) ? 0 : Math.Exp(LogDensity - Lower);

    /// <summary>The derivative of <see cref="Upper"/> by the point.</summary>
    public readonly double UpperByPoint => double.IsNegativeInfinity(LogDensity) ? 0 : -Math.Exp(LogDensity - Upper);

    /// <summary>The tails where the point is at an end of the support.</summary>
    public static LogTails AtEnd(bool lower) => new() { Lower = lower ? double.NegativeInfinity : 0, Upper = lower ? 0 : double.NegativeInfinity, LogDensity = double.NegativeInfinity };

    /// <summary>From the lower tail and its derivatives.</summary>
    public static LogTails FromLower(double log, double first, double second, double logDensity)
    {
        double other = Other(ref log, out double odds);
        return new LogTails { Lower = log, Upper = other, LowerByFirst = first, LowerBySecond = second, UpperByFirst = -first * odds, UpperBySecond = -second * odds, LogDensity = logDensity };
    }

    /// <summary>From the upper tail and its derivatives.</summary>
    public static LogTails FromUpper(double log, double first, double second, double logDensity)
    {
        double other = Other(ref log, out double odds);
        return new LogTails { Upper = log, Lower = other, UpperByFirst = first, UpperBySecond = second, LowerByFirst = -first * odds, LowerBySecond = -second * odds, LogDensity = logDensity };
    }

    private static double Other(ref double log, out double odds)
    {
        log = Math.Min(log, 0);
        double other = log == 0 ? double.NegativeInfinity : LogisticFunction.Log1mExp(-log);
        odds = log == 0 ? 0 : Math.Exp(log - other);
        return other;
    }
}
