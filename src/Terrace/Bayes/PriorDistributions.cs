using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Bayes;

/// <summary>Student's t.</summary>
/// <param name="Df">The degrees of freedom, positive.</param>
/// <param name="Location">The median.</param>
/// <param name="Scale">The scale, positive.</param>
public sealed record StudentTPrior(double Df, double Location, double Scale) : Prior
{
    private readonly double _constant = GammaFunction.LogGamma(0.5 * (Df + 1)) - GammaFunction.LogGamma(0.5 * Df) - 0.5 * Math.Log(Df * Math.PI) - Math.Log(Scale);

    /// <inheritdoc/>
    public override PriorValue Evaluate(double x)
    {
        double z = (x - Location) / Scale, share = z * z / Df;
        return new PriorValue(_constant - 0.5 * (Df + 1) * LogisticFunction.Log1p(share), -(Df + 1) * z / (Df * Scale * (1 + share)));
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"student_t({Df}, {Location}, {Scale})");
}

/// <summary>Uniform between two bounds.</summary>
/// <param name="Lower">The lower bound.</param>
/// <param name="Upper">The upper bound, above the lower one.</param>
public sealed record UniformPrior(double Lower, double Upper) : Prior
{
    /// <inheritdoc/>
    public override PriorValue Evaluate(double x) => x >= Lower && x <= Upper ? new PriorValue(-Math.Log(Upper - Lower), 0) : Outside;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"uniform({Lower}, {Upper})");
}

/// <summary>Cauchy.</summary>
/// <param name="Location">The median.</param>
/// <param name="Scale">The scale, positive.</param>
public sealed record CauchyPrior(double Location, double Scale) : Prior
{
    /// <inheritdoc/>
    public override PriorValue Evaluate(double x)
    {
        double z = (x - Location) / Scale, share = 1 + z * z;
        return new PriorValue(-Math.Log(Math.PI * Scale * share), -2 * z / (Scale * share));
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"cauchy({Location}, {Scale})");
}

/// <summary>Logistic.</summary>
/// <param name="Location">The mean.</param>
/// <param name="Scale">The scale, positive.</param>
public sealed record LogisticPrior(double Location, double Scale) : Prior
{
    /// <inheritdoc/>
    public override PriorValue Evaluate(double x)
    {
        double z = (x - Location) / Scale;
        return new PriorValue(-Math.Log(Scale) - LogisticFunction.Log1pExp(z) - LogisticFunction.Log1pExp(-z), -Math.Tanh(0.5 * z) / Scale);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"logistic({Location}, {Scale})");
}

/// <summary>Exponential, of positive values.</summary>
/// <param name="Rate">The rate, positive; the mean is its inverse.</param>
public sealed record ExponentialPrior(double Rate) : Prior
{
    /// <inheritdoc/>
    public override PriorValue Evaluate(double x) => x < 0 ? Outside : new PriorValue(Math.Log(Rate) - Rate * x, -Rate);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"exponential({Rate})");
}

/// <summary>Gamma, of positive values.</summary>
/// <param name="Shape">The shape, positive.</param>
/// <param name="Rate">The rate, positive.</param>
public sealed record GammaPrior(double Shape, double Rate) : Prior
{
    private readonly double _constant = Shape * Math.Log(Rate) - GammaFunction.LogGamma(Shape);

    /// <inheritdoc/>
    public override PriorValue Evaluate(double x) => x <= 0 ? Outside : new PriorValue(_constant + (Shape - 1) * Math.Log(x) - Rate * x, (Shape - 1) / x - Rate);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"gamma({Shape}, {Rate})");
}

/// <summary>Inverse gamma, of positive values.</summary>
/// <param name="Shape">The shape, positive.</param>
/// <param name="Scale">The scale, positive.</param>
public sealed record InverseGammaPrior(double Shape, double Scale) : Prior
{
    private readonly double _constant = Shape * Math.Log(Scale) - GammaFunction.LogGamma(Shape);

    /// <inheritdoc/>
    public override PriorValue Evaluate(double x) => x <= 0 ? Outside : new PriorValue(_constant - (Shape + 1) * Math.Log(x) - Scale / x, (Scale / x - Shape - 1) / x);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"inv_gamma({Shape}, {Scale})");
}

/// <summary>Beta, of values between 0 and 1.</summary>
/// <param name="A">The first shape, positive.</param>
/// <param name="B">The second shape, positive.</param>
public sealed record BetaPrior(double A, double B) : Prior
{
    private readonly double _constant = -GammaFunction.LogBeta(A, B);

    /// <inheritdoc/>
    public override PriorValue Evaluate(double x) =>
        x is <= 0 or >= 1 ? Outside : new PriorValue(_constant + (A - 1) * Math.Log(x) + (B - 1) * LogisticFunction.Log1p(-x), (A - 1) / x - (B - 1) / (1 - x));

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"beta({A}, {B})");
}
