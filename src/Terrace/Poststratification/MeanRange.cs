using Terrace.Families;

namespace Terrace.Poststratification;

/// <summary>The open range of a family's mean: (0, 1), (0, ∞) or all numbers.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
internal readonly record struct MeanRange(double Low, double High)
{
    /// <summary>The range of the means of <paramref name="family"/>.</summary>
    public static MeanRange Of(Family family)
    {
        if (family.IsBinomial) return new MeanRange(0, 1);
        return family.IsGaussian ? new MeanRange(double.NegativeInfinity, double.PositiveInfinity) : new MeanRange(0, double.PositiveInfinity);
    }
}
