namespace Terrace.Numerics.SpecialFunctions;

/// <summary>
/// The logistic function and its logarithms, computed without overflow or cancellation.
/// <para>Formula: logistic(x) = 1 / (1 + e^-x); log(1 + e^x) = max(x, 0) + log1p(e^-|x|); logit(p) = log p - log(1 - p).</para>
/// <para>Source: Mächler (2012), Accurately computing log(1 - exp(-|a|)). Tests: LogisticFunctionTests.</para>
/// </summary>
public static class LogisticFunction
{
    /// <summary>1 / (1 + e^-x).</summary>
    public static double Logistic(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /// <summary>log(1 + e^x), the negative log of 1 - logistic(x).</summary>
    public static double Log1pExp(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    /// <summary>log(p / (1 - p)).</summary>
    public static double Logit(double p) => p < 0.25 || p > 0.75 ? Math.Log(p) - Log1p(-p) : Log1p((2 * p - 1) / (1 - p));

    /// <summary>log(1 + x), accurate for small x.</summary>
    public static double Log1p(double x)
    {
        double sum = 1 + x;
        if (sum == 1) return x;
        if (double.IsPositiveInfinity(sum)) return sum;
        return Math.Log(sum) - (sum - 1 - x) / sum;
    }

    /// <summary>e^x - 1, accurate for small x.</summary>
    public static double Expm1(double x)
    {
        if (Math.Abs(x) > 0.5) return Math.Exp(x) - 1;
        double half = Math.Tanh(x / 2);
        return 2 * half / (1 - half);
    }

    /// <summary>log(1 - e^-x) for x &gt; 0.</summary>
    public static double Log1mExp(double x) => x < 0.6931471805599453 ? Math.Log(-Expm1(-x)) : Log1p(-Math.Exp(-x));
}
