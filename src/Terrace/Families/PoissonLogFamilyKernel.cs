using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families;

/// <summary>
/// The Poisson likelihood with its canonical link, where expected and observed information agree.
/// <code>
/// −2 Σ w [y η − e^η],   s = w (y − μ),   W = dW/dη = w μ,   μ = e^η
/// </code>
/// The exponentials are <see cref="ExponentialKernel"/>'s, with SIMD. McCullagh and Nelder (1989), section 6.2. Checked against the general kernel and finite
/// differences in <c>FamilyKernelTests</c>.
/// </summary>
internal sealed class PoissonLogFamilyKernel : IFamilyKernel
{
    private const int Block = 256;

    public void Means(ReadOnlySpan<double> eta, Span<double> mean) => ExponentialKernel.Evaluate(eta, mean);

    public double DevianceConstant(ReadOnlySpan<double> y, ReadOnlySpan<double> weight)
    {
        double constant = 0;
        for (int i = 0; i < y.Length; i++)
            if (y[i] > 0) constant += 2 * weight[i] * y[i] * (Math.Log(y[i]) - 1);
        return constant;
    }

    public double Deviance(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight)
    {
        Span<double> mean = stackalloc double[Block];
        double deviance = 0;
        for (int from = 0; from < eta.Length; from += Block)
        {
            int n = Math.Min(Block, eta.Length - from);
            ExponentialKernel.Evaluate(eta.Slice(from, n), mean[..n]);
            for (int i = 0; i < n; i++) deviance += 2 * weight[from + i] * (mean[i] - y[from + i] * eta[from + i]);
        }
        return double.IsNaN(deviance) ? double.PositiveInfinity : deviance;
    }

    public double Evaluate(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight, Information kind, Span<double> score, Span<double> information, Span<double> slope)
    {
        ExponentialKernel.Evaluate(eta, information);
        double deviance = 0;
        for (int i = 0; i < eta.Length; i++)
        {
            double mean = information[i], w = weight[i];
            deviance += 2 * w * (mean - y[i] * eta[i]);
            score[i] = w * (y[i] - mean);
            information[i] = w * mean;
        }
        if (!slope.IsEmpty) information.CopyTo(slope);
        return double.IsNaN(deviance) ? double.PositiveInfinity : deviance;
    }
}
