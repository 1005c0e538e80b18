using System.Numerics;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families;

/// <summary>
/// The binomial likelihood with its canonical link, where expected and observed information agree.
/// <code>
/// −2 Σ w [y η − log(1 + e^η)],   s = w (y − p),   W = w p (1 − p),   dW/dη = w p (1 − p)(1 − 2p),   p = 1/(1 + e^−η)
/// </code>
/// One exponential e = e^−|η| serves p and the logarithm, so nothing overflows and no clamp is needed. McCullagh and Nelder (1989), section 4.4. Checked
/// against the general kernel and finite differences in <c>FamilyKernelTests</c>. The loop body, <see cref="Row"/>, is the one place to vectorise.
/// </summary>
internal sealed class BinomialLogitKernel : IFamilyKernel
{
    public void Means(ReadOnlySpan<double> eta, Span<double> mean)
    {
        int i = 0;
        // Poststratification predicts millions of cells; this pass is the one that has to be wide.
        for (; i <= eta.Length - Vector<double>.Count; i += Vector<double>.Count) Probability(new Vector<double>(eta[i..])).CopyTo(mean[i..]);
        for (; i < eta.Length; i++) mean[i] = Probability(eta[i], Math.Exp(-Math.Abs(eta[i])));
    }

    public double DevianceConstant(ReadOnlySpan<double> y, ReadOnlySpan<double> weight)
    {
        double constant = 0;
        for (int i = 0; i < y.Length; i++) constant += 2 * weight[i] * (XLogX(y[i]) + XLogX(1 - y[i]));
        return constant;
    }

    public double Deviance(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight)
    {
        double deviance = 0;
        for (int i = 0; i < eta.Length; i++) deviance += weight[i] * Row(eta[i], y[i], out _);
        return deviance;
    }

    public double Evaluate(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight, Information kind, Span<double> score, Span<double> information, Span<double> slope)
    {
        double deviance = 0;
        for (int i = 0; i < eta.Length; i++)
        {
            double w = weight[i];
            deviance += w * Row(eta[i], y[i], out double e);
            double p = Probability(eta[i], e), variance = e / ((1 + e) * (1 + e));
            score[i] = w * (y[i] - p);
            information[i] = w * variance;
            if (!slope.IsEmpty) slope[i] = w * variance * (1 - 2 * p);
        }
        return deviance;
    }

    // -2 [y eta - log(1 + e^eta)], arranged so that the two terms never cancel: with e = e^-|eta| it is 2 [log(1 + e) + (eta > 0 ? (1 - y) : -y) eta].
    private static double Row(double eta, double y, out double e)
    {
        e = Math.Exp(-Math.Abs(eta));
        return 2 * (LogisticFunction.Log1p(e) + (eta > 0 ? 1 - y : -y) * eta);
    }

    private static double Probability(double eta, double e) => (eta < 0 ? e : 1) / (1 + e);

    private static Vector<double> Probability(Vector<double> eta)
    {
        Vector<double> e = Vector.Exp(-Vector.Abs(eta));
        return Vector.ConditionalSelect(Vector.LessThan(eta, Vector<double>.Zero), e, Vector<double>.One) / (Vector<double>.One + e);
    }

    private static double XLogX(double x) => x == 0 ? 0 : x * Math.Log(x);
}
