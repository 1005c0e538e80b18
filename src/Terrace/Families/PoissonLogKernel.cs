namespace Terrace.Families;

/// <summary>
/// The Poisson likelihood with its canonical link, where expected and observed information agree.
/// <code>
/// −2 Σ w [y η − e^η],   s = w (y − μ),   W = dW/dη = w μ,   μ = e^η
/// </code>
/// McCullagh and Nelder (1989), section 6.2. Checked against the general kernel and finite differences in <c>FamilyKernelTests</c>.
/// </summary>
internal sealed class PoissonLogKernel : IFamilyKernel
{
    public void Means(ReadOnlySpan<double> eta, Span<double> mean)
    {
        for (int i = 0; i < eta.Length; i++) mean[i] = Math.Exp(eta[i]);
    }

    public double DevianceConstant(ReadOnlySpan<double> y, ReadOnlySpan<double> weight)
    {
        double constant = 0;
        for (int i = 0; i < y.Length; i++)
            if (y[i] > 0) constant += 2 * weight[i] * y[i] * (Math.Log(y[i]) - 1);
        return constant;
    }

    public double Deviance(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight)
    {
        double deviance = 0;
        for (int i = 0; i < eta.Length; i++) deviance += 2 * weight[i] * (Math.Exp(eta[i]) - y[i] * eta[i]);
        return double.IsNaN(deviance) ? double.PositiveInfinity : deviance;
    }

    public double Evaluate(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight, Information kind, Span<double> score, Span<double> information, Span<double> slope)
    {
        double deviance = 0;
        for (int i = 0; i < eta.Length; i++)
        {
            double mean = Math.Exp(eta[i]), w = weight[i];
            deviance += 2 * w * (mean - y[i] * eta[i]);
            score[i] = w * (y[i] - mean);
            information[i] = w * mean;
            if (!slope.IsEmpty) slope[i] = w * mean;
        }
        return double.IsNaN(deviance) ? double.PositiveInfinity : deviance;
    }
}
