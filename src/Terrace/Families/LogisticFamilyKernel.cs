using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families;

/// <summary>
/// The binomial likelihood with its canonical link, where expected and observed information agree.
/// <code>
/// −2 Σ w [y η − log(1 + e^η)],   s = w (y − p),   W = w p (1 − p),   dW/dη = w p (1 − p)(1 − 2p),   p = 1/(1 + e^−η)
/// </code>
/// <see cref="BinomialLogitKernel"/> computes it with SIMD from successes w y; these are made in blocks on the stack, so that nothing is allocated. McCullagh and
/// Nelder (1989), section 4.4. Checked against the general kernel and finite differences in <c>FamilyKernelTests</c>.
/// </summary>
internal sealed class LogisticFamilyKernel : IFamilyKernel
{
    private const int Block = 256;

    public void Means(ReadOnlySpan<double> eta, Span<double> mean)
    {
        Span<double> unused = stackalloc double[Block];
        for (int from = 0; from < eta.Length; from += Block)
        {
            int n = Math.Min(Block, eta.Length - from);
            LogisticKernel.Evaluate(eta.Slice(from, n), mean.Slice(from, n), unused[..n]);
        }
    }

    public double DevianceConstant(ReadOnlySpan<double> y, ReadOnlySpan<double> weight)
    {
        double constant = 0;
        for (int i = 0; i < y.Length; i++) constant += 2 * weight[i] * (XLogX(y[i]) + XLogX(1 - y[i]));
        return constant;
    }

    public double Deviance(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight) =>
        Evaluate(eta, y, weight, Information.Expected, [], [], []);

    public double Evaluate(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight, Information kind, Span<double> score, Span<double> information, Span<double> slope)
    {
        Span<double> successes = stackalloc double[Block];
        double logLikelihood = 0;
        for (int from = 0; from < eta.Length; from += Block)
        {
            int n = Math.Min(Block, eta.Length - from);
            for (int i = 0; i < n; i++) successes[i] = weight[from + i] * y[from + i];
            logLikelihood += BinomialLogitKernel.Evaluate(
                eta.Slice(from, n), successes[..n], weight.Slice(from, n), Part(score, from, n), Part(information, from, n), Part(slope, from, n));
        }
        return double.IsNaN(logLikelihood) ? double.PositiveInfinity : -2 * logLikelihood;
    }

    private static Span<double> Part(Span<double> output, int from, int length) => output.IsEmpty ? output : output.Slice(from, length);

    private static double XLogX(double x) => x == 0 ? 0 : x * Math.Log(x);
}
