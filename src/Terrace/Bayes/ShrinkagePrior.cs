namespace Terrace.Bayes;

/// <summary>
/// A prior of many coefficients together, most of which it draws towards 0: β_j = z_j s_j, z_j standard normal, with scales s that share parameters of their own. It stands in the place of each coefficient's prior; coefficients
/// with another prior are left out of it.
/// </summary>
public abstract record ShrinkagePrior : Prior
{
    /// <summary>Whether the scales are in units of the residual standard deviation where the family has one (as in brms).</summary>
    public bool Autoscale { get; init; } = true;

    /// <summary>Of one coefficient by itself it says nothing: log density 0.</summary>
    public sealed override PriorValue Evaluate(double x) => default;

    /// <summary>The scales of <paramref name="count"/> coefficients, a workspace of one thread.</summary>
    internal abstract ShrinkageScales CreateScales(int count);

    /// <summary>How an autoscale that was declined is printed.</summary>
    private protected string Unscaled => Autoscale ? "" : ", autoscale = false";
}
