namespace Terrace.MixedModels;

/// <summary>
/// A two-piece Student t on the line, folded at zero or not: the proposal for one relative covariance parameter. Its scale may differ to both sides of the centre, and its degrees
/// of freedom are 1, 2 or 4, for which quantile and density are elementary.
/// </summary>
/// <remarks>
/// <para>x = c + s_L t or c + s_R t, each side with probability proportional to its scale; folded: |x| with density q(x) + q(−x). Quantiles: tan π(p − ½); (2p − 1)√(2/α);
/// 2 sign √(cos(arccos(√α)/3)/√α − 1), α = 4p(1 − p): Shaw (2006), <em>Sampling Student's T distribution</em>, section 3. Two pieces: Fernández and Steel (1998).</para>
/// <para>Check: VarianceParameterSamplerTests.</para>
/// </remarks>
internal readonly record struct FoldedStudentT(double Centre, double Left, double Right, int DegreesOfFreedom, bool Folded)
{
    /// <summary>The value at probability <paramref name="p"/> of the unfolded distribution, folded if this is.</summary>
    public double Quantile(double p)
    {
        double share = Left / (Left + Right);
        double x = p < share
            ? Centre + Left * Standard(0.5 * p / share)
            : Centre + Right * Standard(0.5 + 0.5 * (p - share) / (1 - share));
        return Folded ? Math.Abs(x) : x;
    }

    /// <summary>The density at x ≥ 0 if folded, anywhere otherwise.</summary>
    public double Density(double x) => Folded ? OneSide(x) + OneSide(-x) : OneSide(x);

    private double OneSide(double x) => 2 / (Left + Right) * StandardDensity((x - Centre) / (x < Centre ? Left : Right));

    private double Standard(double p)
    {
        double alpha = 4 * p * (1 - p);
        return DegreesOfFreedom switch
        {
            1 => Math.Tan(Math.PI * (p - 0.5)),
            2 => (2 * p - 1) * Math.Sqrt(2 / alpha),
            _ => 2 * Math.Sign(p - 0.5) * Math.Sqrt(Math.Max(0, Math.Cos(Math.Acos(Math.Sqrt(Math.Min(1, alpha))) / 3) / Math.Sqrt(alpha) - 1)),
        };
    }

    private double StandardDensity(double t) => DegreesOfFreedom switch
    {
        1 => 1 / (Math.PI * (1 + t * t)),
        2 => Math.Pow(2 + t * t, -1.5),
        _ => 0.375 * Math.Pow(1 + t * t / 4, -2.5),
    };
}
