namespace Terrace.Numerics.SpecialFunctions;

/// <summary>
/// Logarithms of sums of exponentials, computed without overflow.
/// <para>Formula: log sum e^x_i = m + log sum e^(x_i - m), m = max x_i. Source: folklore; see Blanchard, Higham and Higham (2021). Tests: LogSumTests.</para>
/// </summary>
public static class LogSum
{
    /// <summary>log of the sum of e^x over <paramref name="x"/>; -infinity for none.</summary>
    public static double LogSumExp(ReadOnlySpan<double> x)
    {
        double largest = double.NegativeInfinity;
        foreach (double value in x) largest = value > largest || double.IsNaN(value) ? value : largest;
        if (!double.IsFinite(largest)) return largest;
        double sum = 0;
        foreach (double value in x) sum += Math.Exp(value - largest);
        return largest + Math.Log(sum);
    }

    /// <summary>log(e^x + e^y).</summary>
    public static double LogAddExp(double x, double y)
    {
        if (x == y) return x + 0.6931471805599453;
        return x > y ? x + LogisticFunction.Log1pExp(y - x) : y + LogisticFunction.Log1pExp(x - y);
    }
}
