using System.Runtime.CompilerServices;

namespace Terrace.Stan.Runtime;

/// <summary>Sums over neighbouring elements inside scalar loops, with their derivatives.</summary>
internal static class SpanReductions
{
    /// <summary>log Σ exp(x), by the largest element so that nothing overflows.</summary>
    public static double LogSumExp(double[] values, int offset, int n)
    {
        ReadOnlySpan<double> x = values.AsSpan(offset, n);
        double largest = double.NegativeInfinity;
        for (int k = 0; k < x.Length; k++) if (!(x[k] <= largest)) largest = x[k];
        if (double.IsInfinity(largest) || double.IsNaN(largest)) return largest;
        double sum = 0;
        for (int k = 0; k < x.Length; k++) sum += Math.Exp(x[k] - largest);
        return largest + Math.Log(sum);
    }

    /// <summary>Adds the derivatives of <see cref="LogSumExp"/>, exp(x − value), times a seed.</summary>
    public static void LogSumExpBack(double[] values, double[] adjoints, int offset, int n, double value, double seed)
    {
        ReadOnlySpan<double> x = values.AsSpan(offset, n);
        Span<double> adjoint = adjoints.AsSpan(offset, n);
        // All terms are 0: no element changes the value.
        if (double.IsNegativeInfinity(value)) return;
        for (int k = 0; k < x.Length; k++) adjoint[k] += seed * Math.Exp(x[k] - value);
    }

    /// <summary>Σ x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(double[] values, int offset, int n)
    {
        double sum = 0;
        foreach (double x in values.AsSpan(offset, n)) sum += x;
        return sum;
    }

    /// <summary>Adds a seed to the adjoint of each summand.</summary>
    public static void SumBack(double[] values, double[] adjoints, int offset, int n, double value, double seed)
    {
        foreach (ref double adjoint in adjoints.AsSpan(offset, n)) adjoint += seed;
    }

    /// <summary>Σ x y.</summary>
    public static double Dot(double[] values, int x, int y, int n)
    {
        double sum = 0;
        ReadOnlySpan<double> left = values.AsSpan(x, n), right = values.AsSpan(y, n);
        for (int k = 0; k < left.Length; k++) sum += left[k] * right[k];
        return sum;
    }

    /// <summary>Adds seed × <paramref name="other"/> to the adjoints of one factor of <see cref="Dot"/>.</summary>
    public static void DotBack(double[] values, double[] adjoints, int factor, int other, int n, double seed)
    {
        Span<double> adjoint = adjoints.AsSpan(factor, n);
        ReadOnlySpan<double> right = values.AsSpan(other, n);
        for (int k = 0; k < adjoint.Length; k++) adjoint[k] += seed * right[k];
    }
}
