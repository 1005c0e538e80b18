namespace Terrace.Bayes;

/// <summary>
/// The prior distribution of one real parameter. A parameter with a lower bound of 0 has the same density restricted to positive values; the constant of the restriction is left out, as Stan's <c>~</c>
/// leaves it out.
/// </summary>
public abstract record Prior
{
    /// <summary>The log density at <paramref name="x"/> and its derivative there; −∞ outside the support.</summary>
    public abstract PriorValue Evaluate(double x);

    /// <summary>A value outside the support.</summary>
    private protected static PriorValue Outside { get; } = new(double.NegativeInfinity, 0);
}

/// <summary>A log density and its derivative.</summary>
/// <param name="LogDensity">log p(x).</param>
/// <param name="Slope">d log p(x)/dx.</param>
public readonly record struct PriorValue(double LogDensity, double Slope);

/// <summary>No preference: log density 0 everywhere. Improper.</summary>
public sealed record FlatPrior : Prior
{
    /// <inheritdoc/>
    public override PriorValue Evaluate(double x) => default;

    /// <inheritdoc/>
    public override string ToString() => "flat";
}

/// <summary>Normal.</summary>
/// <param name="Location">The mean.</param>
/// <param name="Scale">The standard deviation, positive.</param>
public sealed record NormalPrior(double Location, double Scale) : Prior
{
    /// <inheritdoc/>
    public override PriorValue Evaluate(double x)
    {
        double z = (x - Location) / Scale;
        return new PriorValue(-0.5 * (z * z + Math.Log(2 * Math.PI)) - Math.Log(Scale), -z / Scale);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"normal({Location}, {Scale})");
}
