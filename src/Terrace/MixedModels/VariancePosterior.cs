namespace Terrace.MixedModels;

/// <summary>
/// The log posterior density of θ with flat priors on β, on the standard deviations (and on σ) and a uniform prior on the correlation matrices, everything else integrated out. A
/// workspace of one thread.
/// </summary>
/// <remarks>
/// <para>Linear: |M|^-½ |R_X|^-1 r^-(n − p − m − 1), m standard deviations: σ integrated with the Jacobian σ^m of sd = σ s. Generalised: <see cref="JointMarginal"/> while the data are
/// at hand, otherwise the same with the likelihood's quadratic approximation. A term's T, entry by entry, has the prior density Π T_ii^(k − i + 1) / Π s_i^k, s_i the norm of row i: the
/// Jacobian from (sds, correlations) to T, 1 for k = 1.</para>
/// <para>Flat on sd and not on log sd or on variances: Gelman (2006), <em>Prior distributions for variance parameters in hierarchical models</em>, section 3; proper only beyond two
/// levels, so sds are bounded by <see cref="Bounds"/>: ten times the residual spread (linear) or 10 on the link's scale, per root mean square of the covariate.</para>
/// <para>Check: VarianceParameterSamplerTests (grid integration).</para>
/// </remarks>
internal sealed class VariancePosterior
{
    private readonly JointPrecision _joint;
    private readonly JointMarginal? _marginal;
    private readonly double[] _bounds;

    public VariancePosterior(JointPrecision joint, JointMarginal? marginal, double[] bounds)
    {
        _joint = joint;
        _marginal = marginal;
        _bounds = bounds;
        Conditional = new ConditionalDistribution(joint);
    }

    /// <summary>The conditional distribution of the coefficients at the last θ.</summary>
    public ConditionalDistribution Conditional { get; }

    /// <summary>The order of the parameters.</summary>
    public RandomEffectsLayout Layout => _joint.Layout;

    /// <summary>The degrees of freedom of σ² = r²/χ² given θ.</summary>
    public static double ScaleDegrees(JointPrecision joint) => joint.Rows - joint.Basis.Rank - joint.Layout.Terms.Sum(t => t.Width) - 1;

    /// <summary>The largest relative standard deviation of each covariate of each term, in the order of the terms.</summary>
    public static double[] Bounds(JointPrecision joint)
    {
        double scale = joint.SigmaIsEstimated ? Math.Max(1, Math.Sqrt(joint.Product.SumOfSquares / joint.Rows) / joint.Sigma) : 1;
        return [.. joint.Layout.Terms.SelectMany(t => Enumerable.Range(0, t.Width).Select(j => 10 * scale / RootMeanSquare(joint, t, j)))];
    }

    /// <summary>Whether the exact marginal is at hand.</summary>
    public bool HasExact => _marginal is not null;

    /// <summary>The log density at θ up to a constant, by the quadratic approximation; −∞ beyond the bounds and where there is no factor.</summary>
    public double LogDensity(ReadOnlySpan<double> theta)
    {
        double prior = LogPrior(theta);
        if (double.IsNegativeInfinity(prior) || !Conditional.Move(theta, _joint.Sigma)) return double.NegativeInfinity;
        double value = Quadratic();
        return double.IsNaN(value) ? double.NegativeInfinity : value + prior;
    }

    /// <summary>What the exact log density has more than <see cref="LogDensity"/> at θ; NaN where either is not defined.</summary>
    public double Difference(ReadOnlySpan<double> theta) =>
        double.IsFinite(LogDensity(theta)) ? Exact(theta) - Quadratic() : double.NaN;

    private double Exact(ReadOnlySpan<double> theta)
    {
        Conditional.Mean.CopyTo(_marginal!.Start);
        return _marginal.LogDensity(theta);
    }

    private double Quadratic()
    {
        double determinants = Conditional.Factor.LogDeterminantRandom + Conditional.Factor.LogDeterminantFixed, r2 = Conditional.PenalisedSumOfSquares;
        return _joint.SigmaIsEstimated ? -0.5 * (determinants + ScaleDegrees(_joint) * Math.Log(r2)) : -0.5 * (determinants + r2);
    }

    private double LogPrior(ReadOnlySpan<double> theta)
    {
        double log = 0;
        int position = 0;
        foreach (var term in _joint.Layout.Terms)
        {
            for (int i = 0; i < term.Width; i++)
            {
                double square = 0;
                for (int c = 0; c <= i; c++) square += theta[term.ThetaIndex(i, c)] * theta[term.ThetaIndex(i, c)];
                if (!(square <= _bounds[position] * _bounds[position])) return double.NegativeInfinity;
                position++;
                if (term.Width > 1) log += (term.Width - i) * Math.Log(Math.Abs(theta[term.ThetaIndex(i, i)])) - 0.5 * term.Width * Math.Log(square);
            }
        }
        return double.IsNaN(log) ? double.NegativeInfinity : log;
    }

    private static double RootMeanSquare(JointPrecision joint, RandomTermLayout term, int component) =>
        Math.Sqrt(Math.Max(joint.SumOfSquares(term, component) / joint.SumOfWeights, 1e-300));
}
