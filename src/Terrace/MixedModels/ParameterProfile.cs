using Terrace.LinearModels;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.Interpolation;

namespace Terrace.MixedModels;

/// <summary>One value of a parameter on its profile.</summary>
/// <param name="Value">The value at which the parameter was held.</param>
/// <param name="Zeta">The signed root of the deviance's rise above its minimum: standard normal if the model is right and the data many.</param>
/// <param name="Parameters">All parameters there, the held one included: a line of the pairs plot.</param>
public sealed record ProfilePoint(double Value, double Zeta, IReadOnlyList<double> Parameters);

/// <summary>The profile likelihood of one parameter: its interval, and the data of zeta and density plots. Immutable.</summary>
/// <remarks>Bates, Mächler, Bolker and Walker (2015), section 5.1. Between points ζ is a monotone cubic of the value. Check: ProfileLikelihoodTests.</remarks>
public sealed class ParameterProfile
{
    internal ParameterProfile(ModelParameter parameter, double estimate, IReadOnlyList<ProfilePoint> points, double level)
    {
        (Parameter, Estimate, Points, Level) = (parameter, estimate, points, level);
    }

    /// <summary>The parameter.</summary>
    public ModelParameter Parameter { get; }

    /// <summary>Its maximum-likelihood estimate, at which ζ is 0.</summary>
    public double Estimate { get; }

    /// <summary>The profile from the least value to the largest.</summary>
    public IReadOnlyList<ProfilePoint> Points { get; }

    /// <summary>The probability of the interval.</summary>
    public double Level { get; }

    /// <summary>The lower limit; NaN only where <see cref="LowerKind"/> says that it was not reached.</summary>
    public double Lower { get; internal init; }

    /// <summary>The upper limit; NaN only where <see cref="UpperKind"/> says that it was not reached.</summary>
    public double Upper { get; internal init; }

    /// <summary>How the lower limit came about.</summary>
    public ProfileLimit LowerKind { get; internal init; }

    /// <summary>How the upper limit came about.</summary>
    public ProfileLimit UpperKind { get; internal init; }

    /// <summary>ζ at a value, by interpolation.</summary>
    public double Zeta(double value) => Points.Count < 2 ? double.NaN : Curve().At(value).Value;

    /// <summary>The density that the profile stands for at a value: φ(ζ) dζ/dvalue, 0 outside the profile's points.</summary>
    public double Density(double value)
    {
        if (Points.Count < 2 || value < Points[0].Value || value > Points[^1].Value) return 0;
        var (zeta, slope) = Curve().At(value);
        return Math.Exp(Normal.LogDensity(zeta, 0, 1)) * Math.Max(0, slope);
    }

    /// <summary>The same profile of an increasing function of the parameter; a limit at the end of its range becomes the function's own end.</summary>
    internal ParameterProfile OnScale(Func<double, double> scale) => new(Parameter, scale(Estimate), [.. Points.Select(point => point with { Value = scale(point.Value) })], Level)
    {
        Lower = scale(LowerKind == ProfileLimit.Boundary ? double.NegativeInfinity : Lower),
        Upper = scale(UpperKind == ProfileLimit.Boundary ? double.PositiveInfinity : Upper),
        LowerKind = LowerKind,
        UpperKind = UpperKind,
    };

    private MonotoneCubic Curve() => new([.. Points.Select(p => p.Value)], [.. Points.Select(p => p.Zeta)]);
}
