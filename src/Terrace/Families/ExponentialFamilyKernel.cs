namespace Terrace.Families;

/// <summary>
/// The likelihood of any exponential dispersion model with any link, by the chain rule.
/// <code>
/// s = w (y − μ) b₀                    b₀ = g/V
/// W (expected) = w a                  a  = g²/V          a′ = 2 g g′/V − g³ V′/V²
/// W (observed) = w [a − (y − μ) b]    b  = g′/V − g² V′/V²
/// dW/dη (observed) = w [a′ + g b − (y − μ) b′]
/// b′ = g″/V − 3 g g′ V′/V² − g³ V″/V² + 2 g³ V′²/V³
/// </code>
/// g, g′, g″ are the derivatives of μ with respect to η (<c>g1, g2, g3</c>), V, V′, V″ the variance function and its derivatives in μ (<c>v, v1, v2</c>).
/// McCullagh and Nelder (1989), Generalized Linear Models, section 2.5; the third derivatives are worked out here. Checked by finite differences of the
/// deviance for every family and link in <c>FamilyKernelTests</c>.
/// </summary>
internal sealed class ExponentialFamilyKernel<TVariance, TLink> : IFamilyKernel
    where TVariance : struct, IVarianceFunction
    where TLink : struct, ILinkFunction
{
    public void Means(ReadOnlySpan<double> eta, Span<double> mean)
    {
        for (int i = 0; i < eta.Length; i++) mean[i] = TLink.Mean(eta[i]);
    }

    public double DevianceConstant(ReadOnlySpan<double> y, ReadOnlySpan<double> weight) => 0;

    public double Deviance(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight)
    {
        double deviance = 0;
        for (int i = 0; i < eta.Length; i++)
        {
            if (weight[i] == 0) continue;
            if (!TLink.IsValidEta(eta[i])) return double.PositiveInfinity;
            deviance += weight[i] * TVariance.UnitDeviance(y[i], TLink.Mean(eta[i]));
        }
        return double.IsNaN(deviance) ? double.PositiveInfinity : deviance;
    }

    public double Evaluate(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight, Information kind, Span<double> score, Span<double> information, Span<double> slope)
    {
        double deviance = 0;
        for (int i = 0; i < eta.Length; i++)
        {
            double mean = TLink.Mean(eta[i]), w = weight[i], residual = y[i] - mean;
            double g1 = TLink.Slope(eta[i]), g2 = TLink.Second(eta[i]), v = TVariance.Variance(mean), v1 = TVariance.First(mean);
            double a = g1 * g1 / v, b = g2 / v - a * v1 / v;
            bool observed = kind == Information.Observed;
            score[i] = w * residual * g1 / v;
            information[i] = observed ? w * (a - residual * b) : w * a;
            if (!slope.IsEmpty) slope[i] = w * InformationSlope(eta[i], mean, observed ? residual : double.NaN, g1, g2, v, v1);
            if (w != 0) deviance += TLink.IsValidEta(eta[i]) ? w * TVariance.UnitDeviance(y[i], mean) : double.PositiveInfinity;
        }
        return double.IsNaN(deviance) ? double.PositiveInfinity : deviance;
    }

    // A residual that is NaN asks for the slope of the expected information.
    private static double InformationSlope(double eta, double mean, double residual, double g1, double g2, double v, double v1)
    {
        double ratio = g1 / v;
        double expected = 2 * ratio * g2 - ratio * ratio * g1 * v1;
        if (double.IsNaN(residual)) return expected;
        double b = g2 / v - ratio * ratio * v1;
        double cubic = ratio * ratio * g1;
        double bSlope = TLink.Third(eta) / v - 3 * ratio * g2 * v1 / v - cubic * TVariance.Second(mean) + 2 * cubic * v1 * v1 / v;
        return expected + g1 * b - residual * bSlope;
    }
}
