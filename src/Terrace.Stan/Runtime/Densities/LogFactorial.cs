using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// log n! and the log of binomial coefficients of integers, from a table where that is exact enough.
/// <para>Formula: log n! = log Γ(n + 1); log C(n, k) = log n! − log k! − log (n − k)! within the table, beyond it −log(n + 1) − log B(k + 1, n − k + 1), which does not cancel.</para>
/// </summary>
internal static class LogFactorial
{
    private const int Size = 1024;
    private static readonly double[] Table = Fill();

    /// <summary>log n! for a whole n ≥ 0.</summary>
    public static double Of(double n) => n < Size ? Table[(int)n] : GammaFunction.LogGamma(n + 1);

    /// <summary>log C(n, k) for whole 0 ≤ k ≤ n.</summary>
    public static double Choose(double n, double k)
    {
        if (n < Size) return Table[(int)n] - Table[(int)k] - Table[(int)(n - k)];
        return k == 0 || k == n ? 0 : -Math.Log(n + 1) - GammaFunction.LogBeta(k + 1, n - k + 1);
    }

    /// <summary>Σ log yᵢ! over <paramref name="rows"/> rows, one y for all or one each.</summary>
    public static double Sum(ReadOnlySpan<int> y, int rows)
    {
        double sum = 0;
        foreach (int n in y) sum += Of(n);
        return y.Length == 1 ? rows * sum : sum;
    }

    private static double[] Fill()
    {
        double[] table = new double[Size];
        for (int n = 0; n < Size; n++) table[n] = GammaFunction.LogGamma(n + 1);
        return table;
    }
}
