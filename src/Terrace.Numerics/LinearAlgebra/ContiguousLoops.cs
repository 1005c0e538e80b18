using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The loops over contiguous numbers that a decomposition by reflections spends its time in, on whatever vectors the processor has.
/// <para>Formulas: sum x_i y_i; y_i + f x_i; x_i / d; max |x_i|; sum (s x_i)^2. Sums have one or two partial sums per lane.</para>
/// <para>Source: Lawson et al. (1979), Basic linear algebra subprograms for Fortran usage. Tests: PivotedQrTests, through the factors.</para>
/// </summary>
internal static class ContiguousLoops
{
    /// <summary>Sum of x_i y_i over the length of <paramref name="x"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        y = y[..x.Length];
        int whole = x.Length - x.Length % (2 * Vector<double>.Count);
        var vx = MemoryMarshal.Cast<double, Vector<double>>(x[..whole]);
        var vy = MemoryMarshal.Cast<double, Vector<double>>(y[..whole]);
        Vector<double> first = Vector<double>.Zero, second = Vector<double>.Zero;
        for (int i = 0; i + 1 < vx.Length; i += 2)
        {
            first += vx[i] * vy[i];
            second += vx[i + 1] * vy[i + 1];
        }

        double sum = Vector.Sum(first + second);
        for (int i = whole; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    /// <summary>Adds <paramref name="factor"/> x to the first elements of <paramref name="y"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddMultiple(double factor, ReadOnlySpan<double> x, Span<double> y)
    {
        y = y[..x.Length];
        int whole = x.Length - x.Length % Vector<double>.Count;
        var vx = MemoryMarshal.Cast<double, Vector<double>>(x[..whole]);
        var vy = MemoryMarshal.Cast<double, Vector<double>>(y[..whole]);
        for (int i = 0; i < vy.Length; i++) vy[i] += vx[i] * factor;
        for (int i = whole; i < y.Length; i++) y[i] += factor * x[i];
    }

    /// <summary>Divides every element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Divide(Span<double> x, double divisor)
    {
        int whole = x.Length - x.Length % Vector<double>.Count;
        var vx = MemoryMarshal.Cast<double, Vector<double>>(x[..whole]);
        var divisors = new Vector<double>(divisor);
        for (int i = 0; i < vx.Length; i++) vx[i] /= divisors;
        for (int i = whole; i < x.Length; i++) x[i] /= divisor;
    }

    /// <summary>The largest absolute value, 0 of nothing; NaN if an element is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LargestMagnitude(ReadOnlySpan<double> x)
    {
        double largest = 0;
        foreach (double value in x) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    /// <summary>Sum of (scale x_i)^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(ReadOnlySpan<double> x, double scale)
    {
        int whole = x.Length - x.Length % Vector<double>.Count;
        var vx = MemoryMarshal.Cast<double, Vector<double>>(x[..whole]);
        var sums = Vector<double>.Zero;
        for (int i = 0; i < vx.Length; i++)
        {
            var scaled = vx[i] * scale;
            sums += scaled * scaled;
        }

        double sum = Vector.Sum(sums);
        for (int i = whole; i < x.Length; i++) sum += x[i] * scale * (x[i] * scale);
        return sum;
    }
}
